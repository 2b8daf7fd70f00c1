/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "generate.h"

#include "generate_completion.h"
#include "generate_man.h"

#include <string.h>

bool generate(const char *what, const subcommand *const *commands) {
    if (strcmp(what, "man") == 0)
        generate_man(commands);
    else if (strcmp(what, "complete-bash") == 0)
        generate_bash(commands);
    else if (strcmp(what, "complete-zsh") == 0)
        generate_zsh(commands);
    else if (strcmp(what, "complete-fish") == 0)
        generate_fish(commands);
    else if (strncmp(what, "man-", 4) == 0) {
        for (size_t i = 0; i < N_COMMANDS; i++) {
            if (strcmp(what + 4, commands[i]->name) == 0) {
                generate_command_man(commands[i]);
                return true;
            }
        }
        return false;
    } else {
        return false;
    }
    return true;
}
