# SPDX-License-Identifier: Apache-2.0 OR MIT
# Debian packages: `cmake --workflow --preset debian`, or cpack in a build of one's own, whose prefix
# must then be /usr and its SIMDINET_COMMAND_SHARED ON, as in that preset.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME simdinet)
set(CPACK_PACKAGE_VENDOR "The simdinet authors")
if(NOT CPACK_PACKAGE_CONTACT)
    set(CPACK_PACKAGE_CONTACT "The simdinet authors <authors@simdinet.invalid>")
endif()
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime dev tools)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What the programs need is read from them; that a program needs libsimdinet0 is known here only.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
set(library libsimdinet${PROJECT_VERSION_MAJOR})
set(release ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

# What a program that uses a symbol depends on: the version that its node names. cpack's own shlibs would come with
# scripts that call ldconfig, which the trigger does.
set(control ${PROJECT_BINARY_DIR}/debian-control)
file(STRINGS tests/build/abi/symbols.txt exports)
set(symbols "libsimdinet.so.${PROJECT_VERSION_MAJOR} ${library} #MINVER#\n* Build-Depends-Package: libsimdinet-dev\n")
list(TRANSFORM exports REPLACE "^.*@@(.*)$" "\\1@@\\1" OUTPUT_VARIABLE nodes)
list(REMOVE_DUPLICATES nodes)
foreach(symbol ${nodes} ${exports})
    string(REGEX REPLACE "^(.*)@(@SIMDINET_)([0-9.]+)$" " \\1\\2\\3 \\3.0\n" symbol "${symbol}")
    string(APPEND symbols "${symbol}")
endforeach()
file(WRITE ${control}/symbols "${symbols}")
file(WRITE ${control}/shlibs "libsimdinet ${PROJECT_VERSION_MAJOR} ${library} (>= ${PROJECT_VERSION})\n")

set(about "simdinet parses, formats and finds IPv4 and IPv6 addresses with kernels for
SSE4.2, AVX2, AVX-512 and NEON, one address or a whole column at a time, and
has the naming functions of the socket interface on top of them.")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each of the descriptions begins with its own

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME ${library})
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/cmake/debian/triggers ${control}/symbols ${control}/shlibs)
set(CPACK_DEBIAN_RUNTIME_DESCRIPTION "IP addresses at the speed of the hardware - shared library
${about}

This package holds the shared library.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libsimdinet-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "${library} (= ${release}), libc6-dev | libc-dev")
set(CPACK_DEBIAN_DEV_DESCRIPTION "IP addresses at the speed of the hardware - development files
${about}

This package holds the headers, the static library, the manual of the
functions, and what CMake and pkg-config find the library by.")

set(CPACK_DEBIAN_TOOLS_PACKAGE_NAME simdinet)
set(CPACK_DEBIAN_TOOLS_PACKAGE_SECTION net)
if(SIMDINET_COMMAND_SHARED)
    set(CPACK_DEBIAN_TOOLS_PACKAGE_DEPENDS "${library} (>= ${PROJECT_VERSION})")
endif()
set(CPACK_DEBIAN_TOOLS_DESCRIPTION "find, count and convert the IP addresses of any text
simdinet finds every IPv4 and IPv6 address in logs and other text, at
gigabytes a second, and takes no version number, time or hardware address
for one. It counts them, filters lines by networks, converts lists between
text and bytes, and tries the naming functions of the system.")

# What a Debian package holds beside what is installed.
configure_file(cmake/debian/complete.cmake.in complete.cmake @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/complete.cmake)
configure_file(cmake/debian/depends.cmake.in depends.cmake @ONLY)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/depends.cmake)
include(CPack)
