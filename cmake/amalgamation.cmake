# SPDX-License-Identifier: Apache-2.0 OR MIT
# write_amalgamation(TARGET) - makes simdinet.c, as tools/amalgamate writes it, the only source of the target,
# compiled as users compile it: with -O2 and no flag for any implementation.
function(write_amalgamation target)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(folder ${PROJECT_BINARY_DIR}/amalgamation)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/*.c ${PROJECT_SOURCE_DIR}/lib/*.h)
    add_custom_command(OUTPUT ${folder}/simdinet.c ${folder}/simdinet.h
        COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/amalgamate ${folder}
        DEPENDS ${PROJECT_SOURCE_DIR}/tools/amalgamate ${PROJECT_SOURCE_DIR}/lib/CMakeLists.txt ${sources}
        VERBATIM)
    set_target_properties(${target} PROPERTIES SOURCES ${folder}/simdinet.c)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
endfunction()
