/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * walk.h - the regular files below a directory.
 */
#ifndef SIMDINET_WALK_H
#define SIMDINET_WALK_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char **globs;
    size_t n;
} glob_list;

/* False: out of memory. The text is not copied. */
bool glob_list_add(glob_list *list, const char *glob);
void glob_list_free(glob_list *list);

/* Globs match the last component of a name. A file is visited if any include matches, or there is none,
 * and no exclude matches. */
typedef struct {
    bool recursive;
    bool no_messages; /* about what cannot be opened */
    glob_list include, exclude, exclude_dir;
} walk_config;

/* Whether a file of this name is to be searched. Of a name that was given, the last components also match,
 * as in "logs/app.log". */
bool walk_accepts(const walk_config *config, const char *path);

/* Visits a file. False: end the walk. */
typedef bool walk_visit(void *context, const char *path);

typedef enum { WALK_DONE, WALK_ENDED, WALK_FAILED } walk_result;

/*
 * Visits the regular files below a directory, in the order of their names; "" is the current directory,
 * whose name is then left out. Symbolic links are not followed. WALK_FAILED: a directory could not be read
 * and the reason was logged; the others were visited.
 */
walk_result walk_directory(const char *directory, const walk_config *config, walk_visit *visit,
                           void *context);

/* Whether the name is that of a directory, or of a link to one. */
bool is_directory(const char *name);

#endif
