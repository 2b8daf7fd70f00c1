/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * networks.c - ip_in(text, networks): whether one of the networks, joined with commas, contains an address.
 *
 * The sets of the last texts of networks are kept, and shared by all threads. A set is built once, by the first chunk
 * that needs it; one that is in use outlives its place in the cache.
 */
#include "extension.h"
#include "simdinet_network.h"
#include "simdinet_network_set.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { CACHE_SIZE = 16, MESSAGE_SIZE = 256 };

typedef struct shared_set {
    char *text;
    size_t len;
    simdinet_network_set *set;
    size_t users; /* the cache is one of them */
    uint64_t used;
} shared_set;

typedef struct set_cache {
    pthread_mutex_t lock;
    shared_set *sets[CACHE_SIZE];
    uint64_t clock;
} set_cache;

/* ---- building a set ------------------------------------------------------------------------------ */

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* Parses networks with commas between them. NULL, with a message, if there is an invalid one. */
static simdinet_network *parse_networks(const char *text, size_t len, size_t *n,
                                        char message[MESSAGE_SIZE]) {
    size_t capacity = 1;
    for (size_t i = 0; i < len; i++)
        capacity += text[i] == ',';
    simdinet_network *networks = malloc(capacity * sizeof *networks);
    *n = 0;
    if (networks == NULL) {
        snprintf(message, MESSAGE_SIZE, "ip_in: out of memory");
        return NULL;
    }
    for (size_t begin = 0; begin <= len;) {
        const char *comma = memchr(text + begin, ',', len - begin);
        size_t end = comma == NULL ? len : (size_t)(comma - text), from = begin, to = end, at;
        while (from < to && is_blank(text[from]))
            from++;
        while (to > from && is_blank(text[to - 1]))
            to--;
        if (!simdinet_parse_network(text + from, to - from, 0, &networks[*n])) {
            const simdinet_reason reason = simdinet_explain_network(text + from, to - from, 0, &at);
            const int shown = to - from < 60 ? (int)(to - from) : 60;
            snprintf(message, MESSAGE_SIZE, "ip_in: invalid network '%.*s': %s at byte %zu", shown,
                     text + from, simdinet_reason_text(reason), at);
            free(networks);
            return NULL;
        }
        *n += 1;
        begin = end + 1;
    }
    return networks;
}

static shared_set *new_set(const char *text, size_t len, char message[MESSAGE_SIZE]) {
    size_t n, at;
    simdinet_network *networks = parse_networks(text, len, &n, message);
    if (networks == NULL)
        return NULL;
    shared_set *set = calloc(1, sizeof *set);
    char *copy = malloc(len + 1);
    simdinet_set_status result = SIMDINET_SET_OUT_OF_MEMORY;
    if (set != NULL && copy != NULL)
        result = simdinet_build_network_set(networks, NULL, n, 0, NULL, &set->set, &at);
    free(networks);
    if (result != SIMDINET_SET_OK) {
        snprintf(message, MESSAGE_SIZE, "ip_in: %s",
                 result == SIMDINET_SET_TOO_LARGE ? "too many networks" : "out of memory");
        free(copy);
        free(set);
        return NULL;
    }
    memcpy(copy, text, len);
    *set = (shared_set){.text = copy, .len = len, .set = set->set, .users = 1};
    return set;
}

/* ---- the cache, with its lock held ---------------------------------------------------------------- */

static void drop_user(shared_set *set) {
    if (set == NULL || --set->users > 0)
        return;
    simdinet_free_network_set(set->set);
    free(set->text);
    free(set);
}

static shared_set *find_set(set_cache *cache, const char *text, size_t len,
                            char message[MESSAGE_SIZE]) {
    shared_set **oldest = &cache->sets[0];
    for (size_t i = 0; i < CACHE_SIZE; i++) {
        shared_set *set = cache->sets[i];
        if (set != NULL && set->len == len && memcmp(set->text, text, len) == 0) {
            set->used = ++cache->clock;
            return set;
        }
        if (*oldest != NULL && (set == NULL || set->used < (*oldest)->used))
            oldest = &cache->sets[i];
    }
    shared_set *set = new_set(text, len, message);
    if (set != NULL) {
        drop_user(*oldest);
        *oldest = set;
        set->used = ++cache->clock;
    }
    return set;
}

static shared_set *acquire_set(set_cache *cache, const char *text, size_t len,
                               char message[MESSAGE_SIZE]) {
    pthread_mutex_lock(&cache->lock);
    shared_set *set = find_set(cache, text, len, message);
    if (set != NULL)
        set->users++;
    pthread_mutex_unlock(&cache->lock);
    return set;
}

/* A set that a chunk uses, or NULL. */
typedef struct set_in_use {
    set_cache *cache;
    shared_set *set;
} set_in_use;

static void release_set(set_in_use *used) {
    if (used->set == NULL)
        return;
    pthread_mutex_lock(&used->cache->lock);
    drop_user(used->set);
    pthread_mutex_unlock(&used->cache->lock);
    used->set = NULL;
}

static void free_cache(void *context) {
    set_cache *cache = context;
    for (size_t i = 0; i < CACHE_SIZE; i++)
        drop_user(cache->sets[i]);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

/* ---- ip_in ----------------------------------------------------------------------------------------- */

/* Whether a set contains the address of a text; false without *valid if it is not an address. */
static bool contains(const shared_set *set, const char *text, size_t len, bool *valid) {
    uint8_t address[16];
    uint32_t value;
    const bool ipv4 = simdinet_parse_ipv4(text, len, address);
    *valid = ipv4 || simdinet_parse_ipv6(text, len, address);
    return *valid && simdinet_network_set_lookup(set->set, address, ipv4 ? 4 : 6, &value, NULL);
}

static void in_chunk(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector result) {
    set_cache *cache = duckdb_scalar_function_get_extra_info(info);
    const idx_t n = duckdb_data_chunk_get_size(input);
    duckdb_vector columns[2] = {duckdb_data_chunk_get_vector(input, 0),
                                duckdb_data_chunk_get_vector(input, 1)};
    const duckdb_string_t *texts = duckdb_vector_get_data(columns[0]);
    const duckdb_string_t *lists = duckdb_vector_get_data(columns[1]);
    const uint64_t *text_validity = duckdb_vector_get_validity(columns[0]);
    const uint64_t *list_validity = duckdb_vector_get_validity(columns[1]);
    bool *found = duckdb_vector_get_data(result);
    output_vector out = {.vector = result};
    CLEANUP(release_set) set_in_use used = {.cache = cache};
    const char *last_list = NULL;
    char message[MESSAGE_SIZE];
    for (idx_t i = 0; i < n; i++) {
        bool valid = false;
        if (!row_is_valid(text_validity, i) || !row_is_valid(list_validity, i)) {
            set_null(&out, i);
            continue;
        }
        size_t len, list_len;
        const char *text = string_bytes(&texts[i], &len);
        const char *list = string_bytes(&lists[i], &list_len);
        /* The argument is constant as a rule: then the bytes of all rows are at the same place, unless they are
         * short. */
        if (used.set == NULL || used.set->len != list_len ||
            (list != last_list && memcmp(used.set->text, list, list_len) != 0)) {
            release_set(&used);
            used.set = acquire_set(cache, list, list_len, message);
            if (used.set == NULL) {
                duckdb_scalar_function_set_error(info, message);
                return;
            }
        }
        last_list = list;
        found[i] = contains(used.set, text, len, &valid);
        if (!valid)
            set_null(&out, i);
    }
}

bool register_networks(registration *to) {
    const duckdb_type parameters[2] = {DUCKDB_TYPE_VARCHAR, DUCKDB_TYPE_VARCHAR};
    set_cache *cache = calloc(1, sizeof *cache);
    if (cache == NULL)
        return false;
    pthread_mutex_init(&cache->lock, NULL);
    return register_scalar(to, "ip_in", parameters, 2,
                           duckdb_create_logical_type(DUCKDB_TYPE_BOOLEAN), in_chunk, cache,
                           free_cache);
}
