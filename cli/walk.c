/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "walk.h"

#include "log.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool glob_list_add(glob_list *list, const char *glob) {
    const char **globs = realloc(list->globs, (list->n + 1) * sizeof *globs);
    if (!globs)
        return false;
    list->globs = globs;
    globs[list->n++] = glob;
    return true;
}

void glob_list_free(glob_list *list) {
    free(list->globs);
    *list = (glob_list){0};
}

static bool any_matches(const glob_list *list, const char *name) {
    for (size_t i = 0; i < list->n; i++)
        if (fnmatch(list->globs[i], name, 0) == 0)
            return true;
    return false;
}

/* Whether a glob matches the path or what follows a slash in it. */
static bool any_matches_path(const glob_list *list, const char *path) {
    for (; path; path = strchr(path, '/') ? strchr(path, '/') + 1 : NULL)
        if (any_matches(list, path))
            return true;
    return false;
}

bool walk_accepts(const walk_config *config, const char *path) {
    return !any_matches_path(&config->exclude, path) &&
           (config->include.n == 0 || any_matches_path(&config->include, path));
}

bool is_directory(const char *name) {
    struct stat status;
    return stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

static char *join(const char *directory, const char *name) {
    const size_t len = strlen(directory);
    const char *slash = len == 0 || directory[len - 1] == '/' ? "" : "/";
    char *path = malloc(len + strlen(name) + 2);
    if (path)
        sprintf(path, "%s%s%s", directory, slash, name);
    return path;
}

static walk_result walk_entry(const char *path, const char *name, const walk_config *config,
                              walk_visit *visit, void *context) {
    struct stat status;
    if (lstat(path, &status) != 0) {
        if (!config->no_messages)
            log_errno(path);
        return WALK_FAILED;
    }
    if (S_ISDIR(status.st_mode))
        return any_matches(&config->exclude_dir, name)
                   ? WALK_DONE
                   : walk_directory(path, config, visit, context);
    const bool wanted = S_ISREG(status.st_mode) && !any_matches(&config->exclude, name) &&
                        (config->include.n == 0 || any_matches(&config->include, name));
    return !wanted || visit(context, path) ? WALK_DONE : WALK_ENDED;
}

walk_result walk_directory(const char *directory, const walk_config *config, walk_visit *visit,
                           void *context) {
    struct dirent **entries;
    walk_result result = WALK_DONE;
    int n = scandir(*directory ? directory : ".", &entries, NULL, alphasort);
    if (n < 0) {
        if (!config->no_messages)
            log_errno(*directory ? directory : ".");
        return WALK_FAILED;
    }
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (result != WALK_ENDED && strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            char *path = join(directory, name);
            walk_result entry = WALK_FAILED;
            if (path)
                entry = walk_entry(path, name, config, visit, context);
            else
                log_out_of_memory();
            if (entry != WALK_DONE)
                result = entry == WALK_ENDED || result == WALK_DONE ? entry : result;
            free(path);
        }
        free(entries[i]);
    }
    free(entries);
    return result;
}
