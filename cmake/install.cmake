# SPDX-License-Identifier: Apache-2.0 OR MIT
# What `cmake --install` puts where, by component: runtime is what programs need to run, dev what
# they need to be built, tools the command and the drop-in. The rules of these two stand in cli/ and
# lib/preload/, those for the manual of the functions in docs/.
include(CMakePackageConfigHelpers)

install(TARGETS simdinet simdinet_static EXPORT simdinet-targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT dev
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT dev)
install(FILES
    ${PROJECT_SOURCE_DIR}/lib/include/simdinet.h ${PROJECT_SOURCE_DIR}/lib/include/simdinet_network.h
    ${PROJECT_SOURCE_DIR}/lib/include/simdinet_network_set.h
    ${PROJECT_SOURCE_DIR}/lib/include/simdinet_socket.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)

# find_package(simdinet 0.2) takes any later 0.x: what the SONAME promises to linked programs is
# promised to those that are being built, too.
set(config_directory ${CMAKE_INSTALL_LIBDIR}/cmake/simdinet)
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/simdinet-config.cmake.in
    ${PROJECT_BINARY_DIR}/simdinet-config.cmake INSTALL_DESTINATION ${config_directory}
    NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/simdinet-config-version.cmake
    COMPATIBILITY SameMajorVersion)
install(FILES
    ${PROJECT_BINARY_DIR}/simdinet-config.cmake ${PROJECT_BINARY_DIR}/simdinet-config-version.cmake
    DESTINATION ${config_directory} COMPONENT dev)
install(EXPORT simdinet-targets NAMESPACE simdinet:: DESTINATION ${config_directory} COMPONENT dev)

# The prefix is found from where the file lies, so that a tree can be moved, or installed with another
# --prefix than it was configured with. Folders that were given in full stay where they are, and so
# does /usr: pkg-config knows it by that name only, and leaves its flags out.
set(prefix ${CMAKE_INSTALL_PREFIX})
if(NOT prefix STREQUAL "/usr")
    file(RELATIVE_PATH prefix ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
    string(REGEX REPLACE "/$" "" prefix "\${pcfiledir}/${prefix}")
endif()
foreach(kind LIBDIR INCLUDEDIR)
    cmake_path(IS_ABSOLUTE CMAKE_INSTALL_${kind} fixed)
    set(${kind} "${CMAKE_INSTALL_${kind}}")
    if(NOT fixed)
        string(PREPEND ${kind} "\${prefix}/")
    endif()
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/cmake/simdinet.pc.in ${PROJECT_BINARY_DIR}/simdinet.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/simdinet.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT dev)
