/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * generate.h - manual pages and completions, from the tables of commands and options.
 */
#ifndef SIMDINET_GENERATE_H
#define SIMDINET_GENERATE_H

#include "command.h"

#include <stdbool.h>

/*
 * Prints "man" (simdinet.1), "man-NAME" (simdinet-NAME.1), "complete-bash", "complete-zsh" or
 * "complete-fish". False: what is something else. commands has N_COMMANDS elements.
 */
bool generate(const char *what, const subcommand *const *commands);

#endif
