/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#ifndef SIMDINET_EXIT_STATUS_H
#define SIMDINET_EXIT_STATUS_H

/* The exit statuses of grep. An error takes precedence over both others. */
enum { EXIT_FOUND = 0, EXIT_NONE = 1, EXIT_TROUBLE = 2 };

#endif
