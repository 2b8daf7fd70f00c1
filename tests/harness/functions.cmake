# SPDX-License-Identifier: Apache-2.0 OR MIT
# Functions that declare tests.
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
set(linked_statically OFF)
if(CMAKE_EXE_LINKER_FLAGS MATCHES "(^| )-static( |$)")
    set(linked_statically ON)
endif()

# Tests compare with glibc; with another C library the differences are listed.
include(CheckSymbolExists)
check_symbol_exists(__GLIBC__ features.h HAVE_GLIBC)

# Seconds after which a test counts as hanging, on a loaded machine and under an emulator as well.
set(hang_timeout 3600 CACHE INTERNAL "")

# skip_tests(WHY NAME ...): tests that are not built here, so that the log names each of them.
function(skip_tests why)
    foreach(name ${ARGN})
        add_test(NAME ${name} COMMAND ${CMAKE_COMMAND} -E echo "skipped: ${name}: ${why}")
    endforeach()
endfunction()

# ---- C ------------------------------------------------------------------------------------------------------

set(library_under_test simdinet::static)

# add_test_program(NAME [SOURCES ...] [ARGUMENTS ...] [DEFINES ...] [LIBRARIES ...]): NAME.c, which has a main.
function(add_test_program name)
    cmake_parse_arguments(PARSE_ARGV 1 test "" "" "SOURCES;ARGUMENTS;DEFINES;LIBRARIES")
    add_executable(${name} ${name}.c ${test_SOURCES})
    target_compile_definitions(${name} PRIVATE ${test_DEFINES})
    target_link_libraries(${name} PRIVATE test_harness ${test_LIBRARIES} ${library_under_test} Threads::Threads)
    if(NOT HAVE_GLIBC)
        target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/harness/glibc_inet.c)
    endif()
    # Under qemu-aarch64 7.2 a dynamically linked program hangs in its first pthread_create or fork.
    if(CMAKE_CROSSCOMPILING)
        target_link_options(${name} PRIVATE -static)
    endif()
    add_test(NAME ${name} COMMAND ${name} ${test_ARGUMENTS} COMMAND_EXPAND_LISTS)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${hang_timeout})
endfunction()

# add_criterion_test(NAME ...): the same, of Criterion tests.
function(add_criterion_test name)
    if(NOT SIMDINET_TESTS_ONE_PROCESS)
        set(arguments ARGUMENTS --verbose=1) # Criterion names skipped tests only then
    endif()
    add_test_program(${name} ${ARGN} LIBRARIES test_framework ${arguments})
endfunction()

# add_implementation_test(NAME ...): the same, of tests that loop over the implementations.
function(add_implementation_test name)
    add_criterion_test(${name} ${ARGN})
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests/harness/support_report.c)
    set_tests_properties(${name} PROPERTIES LABELS implementation)
    set_property(GLOBAL APPEND PROPERTY SIMDINET_IMPLEMENTATION_TESTS ${name})
endfunction()

# sources_of(TARGET VARIABLE): the sources of a target, as absolute paths.
function(sources_of target variable)
    get_target_property(folder ${target} SOURCE_DIR)
    get_target_property(sources ${target} SOURCES)
    set(absolute)
    foreach(source ${sources})
        cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${folder} NORMALIZE)
        list(APPEND absolute ${source})
    endforeach()
    set(${variable} ${absolute} PARENT_SCOPE)
endfunction()

# ---- Python -------------------------------------------------------------------------------------------------

find_package(Python3 REQUIRED COMPONENTS Interpreter)
execute_process(COMMAND ${Python3_EXECUTABLE} -c "import pytest" RESULT_VARIABLE no_pytest ERROR_QUIET)
if(no_pytest)
    message(FATAL_ERROR "${Python3_EXECUTABLE} has no pytest (Debian: python3-pytest); "
            "-DPython3_EXECUTABLE=... chooses another interpreter")
endif()
# nm of the binutils: llvm-nm, which CMake would take with clang, prints no symbol versions.
find_program(SIMDINET_NM nm REQUIRED)
include(CheckLanguage)
if(NOT CMAKE_CROSSCOMPILING)
    check_language(CXX)
endif()

# What tests/conftest.py reads: paths of this build, as SIMDINET_TEST_*. Targets that are not built have no entry.
set(pytest_environment
    SOURCE_DIR=${PROJECT_SOURCE_DIR} BUILD_DIR=${PROJECT_BINARY_DIR} SHARED=${SIMDINET_SHARED}
    NM=${SIMDINET_NM} CMAKE=${CMAKE_COMMAND} CC=${CMAKE_C_COMPILER})
if(CMAKE_CXX_COMPILER)
    list(APPEND pytest_environment CXX=${CMAKE_CXX_COMPILER})
endif()
foreach(setting SIMDINET=simdinet_command LOGGEN=loggen LIBRARY=simdinet STATIC_LIBRARY=simdinet_static
        PRELOAD_LIBRARY=simdinet_preload)
    string(REPLACE "=" ";" setting ${setting})
    list(GET setting 0 variable)
    list(GET setting 1 target)
    if(TARGET ${target})
        list(APPEND pytest_environment ${variable}=$<TARGET_FILE:${target}>)
    endif()
endforeach()
if(SIMDINET_SANITIZE)
    list(APPEND pytest_environment SANITIZED=1)
endif()
list(TRANSFORM pytest_environment PREPEND SIMDINET_TEST_)

# add_pytest(NAME FILE [VARIABLE=VALUE ...] [CONFIGURATIONS ...]): a file of pytest tests; its settings are
# SIMDINET_TEST_VARIABLE. With CONFIGURATIONS full only ctest -C full runs it.
function(add_pytest name file)
    cmake_parse_arguments(PARSE_ARGV 2 test "" "" "CONFIGURATIONS")
    add_test(NAME ${name} CONFIGURATIONS ${test_CONFIGURATIONS}
             COMMAND ${Python3_EXECUTABLE} -B -m pytest -c ${PROJECT_SOURCE_DIR}/tests/pytest.ini
             ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    list(TRANSFORM test_UNPARSED_ARGUMENTS PREPEND SIMDINET_TEST_)
    set_tests_properties(${name} PROPERTIES TIMEOUT ${hang_timeout}
        ENVIRONMENT "${pytest_environment};SIMDINET_TEST_NAME=${name};${test_UNPARSED_ARGUMENTS}")
endfunction()
