# SPDX-License-Identifier: Apache-2.0 OR MIT
# SIMDINET_HARDENING: the flags of the packages. Those of the distribution, where dpkg-buildflags exists, and those
# that it lacks. Nothing in the result depends on the build folder.
include(CheckCCompilerFlag)

# flags_of_distribution(NAME VARIABLE): CFLAGS, CPPFLAGS or LDFLAGS, as a list.
function(flags_of_distribution name variable)
    set(flags)
    find_program(SIMDINET_DPKG_BUILDFLAGS dpkg-buildflags)
    if(SIMDINET_DPKG_BUILDFLAGS)
        execute_process(
            COMMAND ${CMAKE_COMMAND} -E env --unset=${name} "DEB_BUILD_MAINT_OPTIONS=hardening=+all reproducible=+all"
                    ${SIMDINET_DPKG_BUILDFLAGS} --get ${name}
            WORKING_DIRECTORY / OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE
            COMMAND_ERROR_IS_FATAL ANY)
        separate_arguments(flags UNIX_COMMAND "${output}")
    endif()
    set(${variable} "${flags}" PARENT_SCOPE)
endfunction()

# add_supported(LIST FLAG ...): appends the flags that the compiler accepts.
macro(add_supported list)
    foreach(flag ${ARGN})
        string(MAKE_C_IDENTIFIER "SIMDINET_HAVE${flag}" name)
        check_c_compiler_flag("${flag}" ${name})
        if(${name})
            list(APPEND ${list} ${flag})
        endif()
    endforeach()
endmacro()

flags_of_distribution(CFLAGS compile)
flags_of_distribution(CPPFLAGS preprocess)
flags_of_distribution(LDFLAGS link)
# The optimisation is that of CMAKE_BUILD_TYPE, the packages hold no debug information, and the maps of paths follow.
list(FILTER compile EXCLUDE REGEX "^-(g|O[0-9s]|f.*-prefix-map=.*)$")
list(FILTER preprocess EXCLUDE REGEX "_FORTIFY_SOURCE")
add_supported(compile -fstack-protector-strong -fstack-clash-protection)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|i[3-6]86)$")
    add_supported(compile -fcf-protection)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64)$")
    add_supported(compile -mbranch-protection=standard)
endif()
list(APPEND compile -ffile-prefix-map=${PROJECT_BINARY_DIR}=build -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)
list(APPEND link -Wl,-z,relro -Wl,-z,now)

# Level 3, where the compiler and the C library have it; other compilers reduce it to 2 with a warning.
set(CMAKE_REQUIRED_FLAGS "-O2 -Werror -U_FORTIFY_SOURCE")
check_c_compiler_flag(-D_FORTIFY_SOURCE=3 SIMDINET_HAVE_FORTIFY_3)
unset(CMAKE_REQUIRED_FLAGS)
set(level 2)
if(SIMDINET_HAVE_FORTIFY_3)
    set(level 3)
endif()
list(APPEND preprocess -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=${level})

list(REMOVE_DUPLICATES compile)
list(REMOVE_DUPLICATES link)
add_compile_options(${compile} ${preprocess})
add_link_options(${link})
# A path to the build folder would be removed at the installation, but the build ID is of the file before.
set(CMAKE_SKIP_RPATH ON)
