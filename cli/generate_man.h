/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * generate_man.h - manual pages in roff, from text in a small markup:
 *
 *   # HEADING       a section; OPTIONS gets the options of the command, COMMANDS the list of commands,
 *                   CAVEATS those of the commands that scan
 *   @heuristics     the list of heuristics; @flags that of the flags of a match
 *   : TERM          a tagged paragraph: the lines up to the next blank line, term or heading
 *       example     indented by four blanks: printed as it is
 *   `word`          bold
 *
 * Blank lines separate paragraphs.
 */
#ifndef SIMDINET_GENERATE_MAN_H
#define SIMDINET_GENERATE_MAN_H

#include "command.h"

/* simdinet.1 */
void generate_man(const subcommand *const *commands);

/* simdinet-NAME.1 */
void generate_command_man(const subcommand *of);

#endif
