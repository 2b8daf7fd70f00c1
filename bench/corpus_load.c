/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * corpus_load.c - a corpus from the user's own file.
 */
#include "corpus.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Longer lines are truncated. */
#define TEXT_SIZE 256

static char *read_all(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *text = NULL;
    size_t capacity = 0;
    *size = 0;
    for (size_t got = 1; got > 0; *size += got) {
        if (*size == capacity) {
            capacity = capacity ? 2 * capacity : 1 << 20;
            char *grown = realloc(text, capacity);
            if (!grown)
                break;
            text = grown;
        }
        got = fread(text + *size, 1, capacity - *size, file);
    }
    bool done = !ferror(file) && feof(file);
    fclose(file);
    if (done)
        return text;
    free(text);
    errno = errno ? errno : ENOMEM;
    return NULL;
}

static void add(corpus *c, const char *text, size_t len) {
    char *copy = c->pool + c->offsets[c->count];
    uint8_t address[16];
    memcpy(copy, text, len);
    copy[len] = '\0';
    c->offsets[c->count + 1] = (uint32_t)(c->offsets[c->count] + len + 1);
    c->count++;
    if (inet_pton(c->family == 4 ? AF_INET : AF_INET6, copy, address) == 1)
        memcpy(c->addresses + c->size * c->valid++, address, c->size);
}

/* Lines of the family only; a NUL ends a line as LF does, since texts are NUL-terminated. */
static void add_lines(corpus *c, const char *text, size_t size) {
    for (size_t at = 0; at < size && c->count < CORPUS_LOADED; at++) {
        size_t end = at;
        while (end < size && text[end] != '\n' && text[end] != '\0')
            end++;
        size_t len = end - at;
        if (len > 0 && text[end - 1] == '\r')
            len--;
        if (len >= TEXT_SIZE)
            len = TEXT_SIZE - 1;
        if (len > 0 && (memchr(text + at, ':', len) != NULL) == (c->family == 6))
            add(c, text + at, len);
        at = end;
    }
}

corpus *corpus_load(const char *path, int family) {
    errno = 0;
    size_t size;
    char *text = read_all(path, &size);
    if (!text)
        return NULL;
    corpus *c = calloc(1, sizeof *c);
    if (c) {
        /* A text has at least one byte and a line end. */
        size_t max = size / 2 + 1 < CORPUS_LOADED ? size / 2 + 1 : CORPUS_LOADED;
        c->name = "user";
        c->description = "lines of the file";
        c->family = family;
        c->size = family == 4 ? 4 : 16;
        c->pool = malloc(size + 2);
        c->offsets = calloc(max + 1, sizeof *c->offsets);
        c->addresses = malloc(max * c->size);
        errno = 0;
        if (c->pool && c->offsets && c->addresses)
            add_lines(c, text, size);
        else
            errno = ENOMEM;
    }
    free(text);
    if (c && c->count > 0)
        return c;
    corpus_destroy(c);
    return NULL;
}
