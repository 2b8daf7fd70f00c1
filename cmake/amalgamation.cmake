# SPDX-License-Identifier: Apache-2.0 OR MIT
# write_amalgamation(TARGET) - gives the target simdinet.c, as tools/amalgamate writes it, for its only
# source, to be compiled as users compile it: with -O2, and no flag for any row.
function(write_amalgamation target)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(folder ${PROJECT_BINARY_DIR}/amalgamation)
    file(GLOB_RECURSE written_from CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/lib/*.c
         ${PROJECT_SOURCE_DIR}/lib/*.h)
    add_custom_command(OUTPUT ${folder}/simdinet.c ${folder}/simdinet.h
        COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/amalgamate ${folder}
        DEPENDS ${PROJECT_SOURCE_DIR}/tools/amalgamate ${PROJECT_SOURCE_DIR}/tools/c_names.py
                ${PROJECT_SOURCE_DIR}/lib/CMakeLists.txt ${written_from}
        VERBATIM)
    set_target_properties(${target} PROPERTIES SOURCES ${folder}/simdinet.c)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O2>)
endfunction()
