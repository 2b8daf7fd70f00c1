/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * netdb_cache.c - the contents of /etc/services and /etc/protocols, parsed again when they change.
 *
 * A parsed file is immutable. Each thread holds a reference to the version that it used last: with
 * an unchanged file, a lookup takes no lock and changes no shared counter.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A younger file may change again with the same time stamp, because the kernel's coarse clock
 * advances every 1 to 10 ms: the next call reads it again. */
static const int64_t min_file_age_ns = 50000000;

/* Larger files are left to the C library; no distribution has one. */
static const size_t max_file_size = 64 << 20;

/* The members of struct stat that change with the contents of a file. */
typedef struct {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified;
    struct timespec changed;
} file_stamp;

typedef struct {
    simdinet_netdb *db;
    file_stamp stamp;
    bool settled;        /* the file was older than min_file_age_ns when it was read */
    unsigned references; /* guarded by cache_lock */
} cached_netdb;

static struct netdb_source {
    const char *path;
    const char *keyword;    /* in nsswitch.conf */
    const char *db_path[2]; /* the databases of the source "db" */
    /* Times of CLOCK_MONOTONIC_COARSE, in ns. */
    _Atomic int64_t switch_until;   /* files_only is valid until then */
    _Atomic int64_t file_until;     /* newest is valid until then if stale results are allowed */
    _Atomic int64_t absent_until;   /* the file was unreadable; not tried again until then */
    atomic_bool files_only;         /* nsswitch.conf has no other source */
    _Atomic(cached_netdb *) newest; /* written under cache_lock; compared without it */
} sources[] = {
    [SIMDINET_SERVICES] = {.path = "/etc/services",
                           .keyword = "services",
                           .db_path = {"/var/lib/misc/services.db", "/var/db/services.db"}},
    [SIMDINET_PROTOCOLS] = {.path = "/etc/protocols",
                            .keyword = "protocols",
                            .db_path = {"/var/lib/misc/protocols.db", "/var/db/protocols.db"}},
};

enum { SOURCES = sizeof sources / sizeof sources[0] };

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t cache_thread_key;
static bool cache_ready; /* the handlers of fork and thread exit are installed */
static atomic_bool stale_allowed;
static _Thread_local cached_netdb *thread_netdbs[SOURCES]; /* the references of this thread */

void simdinet_services_allow_stale(int allow) {
    atomic_store_explicit(&stale_allowed, allow != 0, memory_order_relaxed);
}

/* ---- the lock -------------------------------------------------------------------------------- */

void simdinet_block_signals(sigset_t *before) {
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    sigset_t most;
    sigfillset(&most);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&most, own[i]);
    pthread_sigmask(SIG_BLOCK, &most, before);
}

/* Signals are blocked while this thread holds the lock: a handler might fork, which takes the lock.
 * Handlers of the synchronous signals, which are not blocked, must not fork during a call. */
static void lock_cache(sigset_t *before) {
    simdinet_block_signals(before);
    pthread_mutex_lock(&cache_lock);
}

static void unlock_cache(const sigset_t *before) {
    pthread_mutex_unlock(&cache_lock);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* ---- references, under the lock -------------------------------------------------------------- */

static void cache_release(cached_netdb *cached) {
    if (cached && --cached->references == 0) {
        simdinet_netdb_free(cached->db);
        free(cached);
    }
}

static void cache_thread_exit(void *references) {
    cached_netdb **mine = references;
    sigset_t signals;
    lock_cache(&signals);
    for (size_t i = 0; i < SOURCES; i++) {
        cache_release(mine[i]);
        mine[i] = NULL;
    }
    unlock_cache(&signals);
}

static sigset_t signals_of_fork; /* of the forking thread; guarded by cache_lock */

static void cache_before_fork(void) {
    sigset_t signals;
    lock_cache(&signals);
    signals_of_fork = signals;
}

static void cache_after_fork(void) {
    sigset_t signals = signals_of_fork; /* read before the lock is released */
    unlock_cache(&signals);
}

/* In the child only the references of this thread remain. What only other threads referred to is
 * leaked. */
static void cache_after_fork_in_child(void) {
    for (size_t i = 0; i < SOURCES; i++) {
        cached_netdb *newest = atomic_load_explicit(&sources[i].newest, memory_order_relaxed);
        if (thread_netdbs[i])
            thread_netdbs[i]->references = 1;
        if (newest)
            newest->references = 1 + (thread_netdbs[i] == newest);
    }
    cache_after_fork();
}

/* A constructor, not the first call: another thread could fork while that installs the handlers,
 * and the lock would stay locked in the child. */
__attribute__((constructor)) static void cache_init(void) {
    cache_ready =
        pthread_atfork(cache_before_fork, cache_after_fork, cache_after_fork_in_child) == 0 &&
        pthread_key_create(&cache_thread_key, cache_thread_exit) == 0;
}

/* When the library is unloaded or the process exits: no thread may call cache_thread_exit later. */
__attribute__((destructor)) static void cache_destroy(void) {
    sigset_t signals;
    cache_thread_exit(thread_netdbs);
    lock_cache(&signals);
    for (size_t i = 0; i < SOURCES; i++)
        cache_release(atomic_exchange(&sources[i].newest, NULL));
    if (cache_ready)
        pthread_key_delete(cache_thread_key);
    cache_ready = false;
    unlock_cache(&signals);
}

/* ---- files ----------------------------------------------------------------------------------- */

static int64_t timespec_ns(struct timespec time) {
    return (int64_t)time.tv_sec * SIMDINET_SECOND_NS + time.tv_nsec;
}

static int64_t clock_ns(clockid_t clock) {
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return timespec_ns(time);
}

static file_stamp stamp_of(const struct stat *status) {
    return (file_stamp){
        .device = status->st_dev,
        .inode = status->st_ino,
        .size = status->st_size,
        .modified = status->st_mtim,
        .changed = status->st_ctim,
    };
}

static bool same_time(struct timespec a, struct timespec b) {
    return a.tv_nsec == b.tv_nsec && a.tv_sec == b.tv_sec;
}

static bool same_stamp(const file_stamp *a, const file_stamp *b) {
    return same_time(a->modified, b->modified) && same_time(a->changed, b->changed) &&
           a->size == b->size && a->inode == b->inode && a->device == b->device;
}

static bool file_unchanged(const char *path, const cached_netdb *cached) {
    struct stat status;
    if (!cached->settled || stat(path, &status) != 0)
        return false;
    file_stamp stamp = stamp_of(&status);
    return same_stamp(&stamp, &cached->stamp);
}

/* Reads a file to its end. *text is a heap block with at least one byte after *len. */
static bool read_to_end(int fd, size_t guess, char **text, size_t *len) {
    size_t size = guess + 1, have = 0;
    char *buffer = malloc(size + 1);
    while (buffer && have <= max_file_size) {
        ssize_t got = read(fd, buffer + have, size - have);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            break;
        have += (size_t)got;
        if (got == 0) {
            *text = buffer;
            *len = have;
            return true;
        }
        if (have == size) {
            char *larger = realloc(buffer, 2 * size + 1);
            if (!larger)
                break;
            buffer = larger;
            size *= 2;
        }
    }
    free(buffer);
    return false;
}

/* Reads a file and its stamp. *settled: a later change of the contents changes the stamp. */
static bool read_file(const char *path, char **text, size_t *len, file_stamp *stamp,
                      bool *settled) {
    /* O_NONBLOCK: the path may be a FIFO, and the lock is held. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    struct stat before, after;
    bool good = fstat(fd, &before) == 0 && S_ISREG(before.st_mode) &&
                (size_t)before.st_size <= max_file_size &&
                read_to_end(fd, (size_t)before.st_size, text, len);
    if (good) {
        *stamp = stamp_of(&before);
        int64_t age = clock_ns(CLOCK_REALTIME) - timespec_ns(before.st_ctim);
        file_stamp now = {0};
        if (fstat(fd, &after) == 0)
            now = stamp_of(&after);
        /* A stamp in the future is from before the clock was set back, and does not recur. */
        *settled = (age < 0 || age > min_file_age_ns) && same_stamp(stamp, &now);
    }
    close(fd);
    return good;
}

/* ---- nsswitch.conf --------------------------------------------------------------------------- */

#if defined(__GLIBC__)

static bool skip_source(const char **cursor, const char *word) {
    size_t len = strlen(word);
    const char *end = *cursor + len;
    if (strncmp(*cursor, word, len) != 0 || (*end && !strchr(" \t\r\v\f", *end)))
        return false;
    *cursor = end;
    return true;
}

/* Whether the list is "files", or "files" and "db" without a database. "[...]" is not accepted. */
static bool sources_allow_cache(const char *list, const struct netdb_source *source) {
    bool files = false;
    for (;;) {
        list += strspn(list, " \t\r\v\f");
        if (*list == '\0')
            return files;
        if (skip_source(&list, "files"))
            files = true;
        else if (!skip_source(&list, "db") || access(source->db_path[0], F_OK) == 0 ||
                 access(source->db_path[1], F_OK) == 0)
            return false;
    }
}

/* Whether nsswitch.conf has exactly one line for the source, and that allows the cache. */
static bool read_nsswitch(const struct netdb_source *source) {
    char *text;
    size_t len, lines = 0;
    file_stamp stamp;
    bool settled, files_only = false;
    if (!read_file("/etc/nsswitch.conf", &text, &len, &stamp, &settled))
        return false;
    text[len] = '\0';
    char *next = text;
    for (char *line; (line = strsep(&next, "\n"));) {
        line[strcspn(line, "#")] = '\0';
        line += strspn(line, " \t");
        size_t keyword = strlen(source->keyword);
        if (strncmp(line, source->keyword, keyword) != 0)
            continue;
        line += keyword;
        line += strspn(line, " \t");
        if (*line == ':') {
            files_only = sources_allow_cache(line + 1, source);
            lines++;
        }
    }
    free(text);
    return files_only && lines == 1;
}

#else

/* musl has no nsswitch.conf. /etc/protocols extends its built-in list of protocols. */
static bool read_nsswitch(const struct netdb_source *source) {
    (void)source;
    return true;
}

#endif

/* ---- the current version --------------------------------------------------------------------- */

static cached_netdb *cache_load(const struct netdb_source *source) {
    cached_netdb *cached = calloc(1, sizeof *cached);
    char *text;
    size_t len;
    if (!cached || !read_file(source->path, &text, &len, &cached->stamp, &cached->settled)) {
        free(cached);
        return NULL;
    }
    cached->db = simdinet_netdb_parse(text, len, (simdinet_netdb_kind)(source - sources));
    if (!cached->db) {
        free(text);
        free(cached);
        return NULL;
    }
    cached->references = 1;
    return cached;
}

/* Checks all files. Returns the version to use, to which this thread then holds a reference. */
static cached_netdb *cache_refresh(struct netdb_source *source, cached_netdb **mine, int64_t now) {
    sigset_t signals;
    int cancel_state;
    /* Reading files has cancellation points; a cancelled thread would leave the lock locked. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    lock_cache(&signals);
    /* Another thread may have checked while this one waited for the lock. */
    if (now >= atomic_load_explicit(&source->switch_until, memory_order_relaxed)) {
        bool allowed = read_nsswitch(source);
        atomic_store_explicit(&source->files_only, allowed, memory_order_relaxed);
        atomic_store_explicit(&source->switch_until, now + SIMDINET_SECOND_NS,
                              memory_order_release);
    }
    bool files_only = atomic_load_explicit(&source->files_only, memory_order_relaxed);
    cached_netdb *newest = atomic_load_explicit(&source->newest, memory_order_relaxed);
    if (files_only && now >= atomic_load_explicit(&source->absent_until, memory_order_relaxed) &&
        !(newest && file_unchanged(source->path, newest))) {
        cached_netdb *loaded = cache_load(source);
        cache_release(newest);
        newest = loaded;
        atomic_store_explicit(&source->newest, newest, memory_order_relaxed);
        if (!loaded)
            atomic_store_explicit(&source->absent_until, now + SIMDINET_SECOND_NS,
                                  memory_order_relaxed);
    }
    atomic_store_explicit(&source->file_until, now + SIMDINET_SECOND_NS, memory_order_relaxed);
    if (!files_only || !cache_ready || pthread_setspecific(cache_thread_key, thread_netdbs) != 0)
        newest = NULL;
    if (*mine != newest) {
        cache_release(*mine);
        *mine = newest;
        if (newest)
            newest->references++;
    }
    unlock_cache(&signals);
    pthread_setcancelstate(cancel_state, NULL);
    return newest;
}

const simdinet_netdb *simdinet_netdb_current(simdinet_netdb_kind kind) {
    struct netdb_source *source = &sources[kind];
    cached_netdb **mine = &thread_netdbs[kind];
    int64_t now = clock_ns(CLOCK_MONOTONIC_COARSE);
    if (now < atomic_load_explicit(&source->switch_until, memory_order_acquire)) {
        if (!atomic_load_explicit(&source->files_only, memory_order_relaxed) ||
            now < atomic_load_explicit(&source->absent_until, memory_order_relaxed))
            return NULL;
        if (*mine) {
            if (!atomic_load_explicit(&stale_allowed, memory_order_relaxed)) {
                if (file_unchanged(source->path, *mine))
                    return (*mine)->db;
            } else if (now < atomic_load_explicit(&source->file_until, memory_order_relaxed) &&
                       *mine == atomic_load_explicit(&source->newest, memory_order_relaxed)) {
                return (*mine)->db;
            }
        }
    }
    cached_netdb *current = cache_refresh(source, mine, now);
    return current ? current->db : NULL;
}
