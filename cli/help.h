/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SIMDINET_HELP_H
#define SIMDINET_HELP_H

#include "command.h"

/* --help of a subcommand, and --version. Both return an exit status. */
int print_help(const subcommand *of);
int print_version(void);

#endif
