# SPDX-License-Identifier: Apache-2.0 OR MIT
# Warnings are errors in the project's own builds. A project that takes simdinet in with
# add_subdirectory chooses for itself.
if(PROJECT_IS_TOP_LEVEL)
    add_compile_options(-Wall -Wextra -Wshadow -Werror
                        $<$<COMPILE_LANGUAGE:C>:-Wconversion>
                        $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes>)
endif()
