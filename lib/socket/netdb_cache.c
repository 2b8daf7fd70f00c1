/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * database.c - the tables of /etc/services and /etc/protocols, kept equal to their files.
 *
 * A table never changes once it is built. A thread holds a reference to the one that it used last,
 * so a lookup that finds its file unchanged takes no lock and no atomic operation on shared counts;
 * a table is freed when a newer one has taken its place with the last thread that held it.
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

/*
 * A file that was changed this short a time before it was read may change again with the same
 * stamp: the kernel's clock for files ticks every 1 to 10 ms. It is read again until it is older.
 */
static const int64_t tick = 50000000;

/* Larger than any services file there is; what is larger still is the C library's to read. */
static const size_t largest_file = 64 << 20;

/* What stat says of a file that changes with its contents. */
typedef struct {
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec modified;
    struct timespec changed;
} file_stamp;

typedef struct {
    simdinet_netdb *table;
    file_stamp stamp;
    bool settled;        /* the file was no longer young when it was read */
    unsigned references; /* guarded by the lock */
} shared_table;

static struct database {
    const char *path;
    const char *keyword;     /* in nsswitch.conf */
    const char *compiled[2]; /* where the database of nsswitch's "db" may be */
    /* Times of the coarse monotonic clock, in ns. */
    _Atomic int64_t switch_until;   /* till then `plain` holds without another look */
    _Atomic int64_t file_until;     /* till then so does `newest` when a second's age is allowed */
    _Atomic int64_t absent_until;   /* till then there is no table: the file could not be read */
    atomic_bool plain;              /* nsswitch.conf wants the file alone */
    _Atomic(shared_table *) newest; /* written under the lock; others only compare it */
} databases[] = {
    [SIMDINET_SERVICES] = {.path = "/etc/services",
                           .keyword = "services",
                           .compiled = {"/var/lib/misc/services.db", "/var/db/services.db"}},
    [SIMDINET_PROTOCOLS] = {.path = "/etc/protocols",
                            .keyword = "protocols",
                            .compiled = {"/var/lib/misc/protocols.db", "/var/db/protocols.db"}},
};

enum { DATABASES = sizeof databases / sizeof databases[0] };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t thread_end;
static bool ready; /* threads that end and processes that fork are seen to */
static atomic_bool stale_allowed;

/* The tables that this thread holds references to. */
static _Thread_local shared_table *held[DATABASES];

void simdinet_services_allow_stale(int allow) {
    atomic_store_explicit(&stale_allowed, allow != 0, memory_order_relaxed);
}

/* ---- the lock --------------------------------------------------------------------------------- */

void simdinet_block_signals(sigset_t *before) {
    static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGSYS};
    sigset_t most;
    sigfillset(&most);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        sigdelset(&most, own[i]);
    pthread_sigmask(SIG_BLOCK, &most, before);
}

/* A signal's handler may fork, and a fork takes the lock: so no handler runs while this thread has
 * it. Those that still do leave a fork to others while it is held. */
static void take_lock(sigset_t *before) {
    simdinet_block_signals(before);
    pthread_mutex_lock(&lock);
}

static void give_lock(const sigset_t *before) {
    pthread_mutex_unlock(&lock);
    pthread_sigmask(SIG_SETMASK, before, NULL);
}

/* ---- references, all under the lock ----------------------------------------------------------- */

static void release(shared_table *shared) {
    if (shared && --shared->references == 0) {
        simdinet_netdb_free(shared->table);
        free(shared);
    }
}

static void release_thread(void *tables) {
    shared_table **mine = tables;
    sigset_t signals;
    take_lock(&signals);
    for (size_t i = 0; i < DATABASES; i++) {
        release(mine[i]);
        mine[i] = NULL;
    }
    give_lock(&signals);
}

static sigset_t signals_of_fork; /* those that the forking thread blocks; guarded by the lock */

static void before_fork(void) {
    sigset_t signals;
    take_lock(&signals);
    signals_of_fork = signals;
}

static void after_fork(void) {
    sigset_t signals = signals_of_fork;
    give_lock(&signals);
}

/* In the child this thread's references are all there are. A table that only others held stays
 * behind there: nobody knows of it. */
static void after_fork_in_child(void) {
    for (size_t i = 0; i < DATABASES; i++) {
        shared_table *newest = atomic_load_explicit(&databases[i].newest, memory_order_relaxed);
        if (held[i])
            held[i]->references = 1;
        if (newest)
            newest->references = 1 + (held[i] == newest);
    }
    after_fork();
}

/* Not at the first call: while that installs the handlers another thread may be forking, without
 * them, and the child would find the lock taken for ever. */
__attribute__((constructor)) static void set_up(void) {
    ready = pthread_atfork(before_fork, after_fork, after_fork_in_child) == 0 &&
            pthread_key_create(&thread_end, release_thread) == 0;
}

/* The library goes, or the process: no thread may call back into it at its end. */
__attribute__((destructor)) static void tear_down(void) {
    sigset_t signals;
    release_thread(held);
    take_lock(&signals);
    for (size_t i = 0; i < DATABASES; i++)
        release(atomic_exchange(&databases[i].newest, NULL));
    if (ready)
        pthread_key_delete(thread_end);
    ready = false;
    give_lock(&signals);
}

/* ---- files ------------------------------------------------------------------------------------ */

static int64_t nanoseconds(struct timespec time) {
    return (int64_t)time.tv_sec * SIMDINET_SECOND + time.tv_nsec;
}

static int64_t read_clock(clockid_t clock) {
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return nanoseconds(time);
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

static bool unchanged(const char *path, const shared_table *shared) {
    struct stat status;
    if (!shared->settled || stat(path, &status) != 0)
        return false;
    file_stamp stamp = stamp_of(&status);
    return same_stamp(&stamp, &shared->stamp);
}

/* Reads to the end, or as far as the file can be read; *text has a byte of room behind *len. */
static bool read_to_end(int fd, size_t guess, char **text, size_t *len) {
    size_t room = guess + 1, have = 0;
    char *buffer = malloc(room + 1);
    while (buffer && have <= largest_file) {
        ssize_t got = read(fd, buffer + have, room - have);
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
        if (have == room) {
            char *larger = realloc(buffer, 2 * room + 1);
            if (!larger)
                break;
            buffer = larger;
            room *= 2;
        }
    }
    free(buffer);
    return false;
}

/* The contents of a file, its stamp, and whether the two belong together for good. */
static bool read_file(const char *path, char **text, size_t *len, file_stamp *stamp,
                      bool *settled) {
    /* Not blocking, for what stands there may be a pipe, and the lock is held. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return false;
    struct stat before, after;
    bool good = fstat(fd, &before) == 0 && S_ISREG(before.st_mode) &&
                (size_t)before.st_size <= largest_file &&
                read_to_end(fd, (size_t)before.st_size, text, len);
    if (good) {
        *stamp = stamp_of(&before);
        int64_t age = read_clock(CLOCK_REALTIME) - nanoseconds(before.st_ctim);
        file_stamp now = {0};
        if (fstat(fd, &after) == 0)
            now = stamp_of(&after);
        /* A stamp of the future was left by a clock that was set back: none will be like it. */
        *settled = (age < 0 || age > tick) && same_stamp(stamp, &now);
    }
    close(fd);
    return good;
}

/* ---- nsswitch.conf ---------------------------------------------------------------------------- */

#if defined(__GLIBC__)

static bool takes_word(const char **cursor, const char *word) {
    size_t len = strlen(word);
    const char *end = *cursor + len;
    if (strncmp(*cursor, word, len) != 0 || (*end && !strchr(" \t\r\v\f", *end)))
        return false;
    *cursor = end;
    return true;
}

/* Whether a line's list of sources names the files alone. An action, "[...]", is no word here. */
static bool wants_files(const char *sources, const struct database *database) {
    bool files = false;
    for (;;) {
        sources += strspn(sources, " \t\r\v\f");
        if (*sources == '\0')
            return files;
        if (takes_word(&sources, "files"))
            files = true;
        else if (!takes_word(&sources, "db") || access(database->compiled[0], F_OK) == 0 ||
                 access(database->compiled[1], F_OK) == 0)
            return false;
    }
}

/* A file without the line, or with two of them, is left to the C library to make sense of. */
static bool read_switch(const struct database *database) {
    char *text;
    size_t len, lines = 0;
    file_stamp stamp;
    bool settled, plain = false;
    if (!read_file("/etc/nsswitch.conf", &text, &len, &stamp, &settled))
        return false;
    text[len] = '\0';
    char *next = text;
    for (char *line; (line = strsep(&next, "\n"));) {
        line[strcspn(line, "#")] = '\0';
        line += strspn(line, " \t");
        size_t keyword = strlen(database->keyword);
        if (strncmp(line, database->keyword, keyword) != 0)
            continue;
        line += keyword;
        line += strspn(line, " \t");
        if (*line == ':') {
            plain = wants_files(line + 1, database);
            lines++;
        }
    }
    free(text);
    return plain && lines == 1;
}

#else

/* Elsewhere there is no choice of sources: musl knows no nsswitch.conf. It reads /etc/services; a file
 * of protocols goes before the few that it has built in. */
static bool read_switch(const struct database *database) {
    (void)database;
    return true;
}

#endif

/* ---- the current table ------------------------------------------------------------------------ */

static shared_table *load(const struct database *database) {
    shared_table *shared = calloc(1, sizeof *shared);
    char *text;
    size_t len;
    if (!shared || !read_file(database->path, &text, &len, &shared->stamp, &shared->settled)) {
        free(shared);
        return NULL;
    }
    shared->table = simdinet_netdb_parse(text, len, (simdinet_netdb_kind)(database - databases));
    if (!shared->table) {
        free(text);
        free(shared);
        return NULL;
    }
    shared->references = 1;
    return shared;
}

/* Takes another look at everything. Returns the table to use, which this thread then holds. */
static shared_table *refresh(struct database *database, shared_table **mine, int64_t now) {
    sigset_t signals;
    int cancel_state;
    /* Reading files is where a thread may be cancelled, and the lock must not go with it. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state);
    take_lock(&signals);
    /* While this thread waited for the lock, another one may have looked. */
    if (now >= atomic_load_explicit(&database->switch_until, memory_order_relaxed)) {
        bool wanted = read_switch(database);
        atomic_store_explicit(&database->plain, wanted, memory_order_relaxed);
        atomic_store_explicit(&database->switch_until, now + SIMDINET_SECOND, memory_order_release);
    }
    bool plain = atomic_load_explicit(&database->plain, memory_order_relaxed);
    shared_table *newest = atomic_load_explicit(&database->newest, memory_order_relaxed);
    if (plain && now >= atomic_load_explicit(&database->absent_until, memory_order_relaxed) &&
        !(newest && unchanged(database->path, newest))) {
        shared_table *loaded = load(database);
        release(newest);
        newest = loaded;
        atomic_store_explicit(&database->newest, newest, memory_order_relaxed);
        if (!loaded)
            atomic_store_explicit(&database->absent_until, now + SIMDINET_SECOND,
                                  memory_order_relaxed);
    }
    atomic_store_explicit(&database->file_until, now + SIMDINET_SECOND, memory_order_relaxed);
    if (!plain || !ready || pthread_setspecific(thread_end, held) != 0)
        newest = NULL;
    if (*mine != newest) {
        release(*mine);
        *mine = newest;
        if (newest)
            newest->references++;
    }
    give_lock(&signals);
    pthread_setcancelstate(cancel_state, NULL);
    return newest;
}

const simdinet_netdb *simdinet_netdb_current(simdinet_netdb_kind which) {
    struct database *database = &databases[which];
    shared_table **mine = &held[which];
    int64_t now = read_clock(CLOCK_MONOTONIC_COARSE);
    if (now < atomic_load_explicit(&database->switch_until, memory_order_acquire)) {
        if (!atomic_load_explicit(&database->plain, memory_order_relaxed) ||
            now < atomic_load_explicit(&database->absent_until, memory_order_relaxed))
            return NULL;
        if (*mine) {
            if (!atomic_load_explicit(&stale_allowed, memory_order_relaxed)) {
                if (unchanged(database->path, *mine))
                    return (*mine)->table;
            } else if (now < atomic_load_explicit(&database->file_until, memory_order_relaxed) &&
                       *mine == atomic_load_explicit(&database->newest, memory_order_relaxed)) {
                return (*mine)->table;
            }
        }
    }
    shared_table *current = refresh(database, mine, now);
    return current ? current->table : NULL;
}
