/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SIMDINET_GENERATE_COMPLETION_H
#define SIMDINET_GENERATE_COMPLETION_H

#include "command.h"

void generate_bash(const subcommand *const *commands);
void generate_zsh(const subcommand *const *commands);
void generate_fish(const subcommand *const *commands);

#endif
