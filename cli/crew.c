/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * crew.c - several threads walk through one large file, and what they print comes in its order.
 *
 * The file is cut into pieces of one size, at any byte. A thread takes the next piece and gathers
 * what it prints in the buffer of that piece. Buffers stand in a ring, two a thread. Whoever
 * completes the piece whose turn it is writes it, and all complete ones behind it; a thread that has
 * filled its buffer waits for its turn and then writes on its own.
 *
 * Memory: with 32 threads, the most there are, 32 * (256 KiB of text + 32 KiB of matches) and
 * 64 * 512 KiB of output, 41 MiB in all.
 */
#include "crew.h"

#include "cli.h"
#include "input.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    PIECE = BUFFER_SIZED(1024 * 1024, 67),
    SLOT_SIZE = BUFFER_SIZED(512 * 1024, OUTPUT_ROOM_MOST),
    STACK_SIZE = 256 * 1024,
    WORTH_PIECES = 4
};

typedef struct {
    char *buffer;
    size_t used;
    totals found;
    bool done;
} ring_slot;

struct crew {
    scan_job *job;
    source *from;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* something below has changed */
    ring_slot *slots;
    size_t ring;
    uint64_t all;     /* how many pieces there are */
    uint64_t pieces;  /* how many are worked on: fewer once one of them cannot be read */
    uint64_t next;    /* the piece that the next free thread takes */
    uint64_t turn;    /* the piece whose output is to be written */
    bool writing;     /* a thread writes complete pieces */
    bool stopped;     /* nothing more is to be written */
    uint64_t counted; /* the pieces whose newlines are counted, for line numbers */
    uint64_t newlines;
    totals *sums;
    const char *reason; /* why the last piece ends early */
    int error;
};

bool worth_threads(const scan_job *job, const source *from) {
    const options *given = job->given;
    return given->threads > 1 && from->regular && from->end > from->begin &&
           from->end - from->begin >= (uint64_t)WORTH_PIECES * PIECE && !given->unique &&
           !given->line_buffered && !isatty(STDOUT_FILENO);
}

static bool is_stopped(const struct crew *crew) {
    return crew->stopped || atomic_load(&crew->job->stop);
}

bool crew_await_turn(struct crew *crew, uint64_t ticket) {
    pthread_mutex_lock(&crew->lock);
    while (!is_stopped(crew) && ticket < crew->pieces && (crew->turn != ticket || crew->writing))
        pthread_cond_wait(&crew->moved, &crew->lock);
    bool good = !is_stopped(crew) && ticket < crew->pieces;
    pthread_mutex_unlock(&crew->lock);
    return good;
}

/* Takes the next piece; false: there is none. */
static bool take_ticket(struct crew *crew, uint64_t *ticket) {
    pthread_mutex_lock(&crew->lock);
    while (!is_stopped(crew) && crew->next < crew->pieces && crew->next >= crew->turn + crew->ring)
        pthread_cond_wait(&crew->moved, &crew->lock);
    bool good = !is_stopped(crew) && crew->next < crew->pieces;
    if (good)
        *ticket = crew->next++;
    pthread_mutex_unlock(&crew->lock);
    return good;
}

/* Finds out how many newlines stand before the piece: those of the pieces before, in their turn. False
 * when those of this one could not be counted, so that no later piece knows its own. */
static bool number_lines(struct crew *crew, worker *self) {
    uint64_t newlines = 0, place = self->begin;
    uint64_t end = self->end < crew->from->end ? self->end : crew->from->end;
    while (place < end) {
        size_t room = end - place < self->room ? (size_t)(end - place) : self->room;
        ssize_t got = source_read_at(crew->from, place, self->buffer, room);
        if (got < 0)
            self->error = errno;
        if (got <= 0)
            break;
        newlines += count_newlines(self->buffer, (size_t)got);
        place += (uint64_t)got;
    }
    pthread_mutex_lock(&crew->lock);
    while (!is_stopped(crew) && crew->counted != self->out.ticket)
        pthread_cond_wait(&crew->moved, &crew->lock);
    self->lines.newlines = crew->newlines;
    crew->newlines += newlines;
    crew->counted++;
    pthread_cond_broadcast(&crew->moved);
    pthread_mutex_unlock(&crew->lock);
    return self->error == 0;
}

/* Writes all complete pieces from the one on whose turn it is. The lock is held. */
static void write_complete(struct crew *crew) {
    crew->writing = true;
    while (!is_stopped(crew) && crew->turn < crew->pieces &&
           crew->slots[crew->turn % crew->ring].done) {
        ring_slot *slot = &crew->slots[crew->turn % crew->ring];
        pthread_mutex_unlock(&crew->lock);
        bool good = write_stdout(slot->buffer, slot->used);
        pthread_mutex_lock(&crew->lock);
        crew->stopped |= !good;
        totals_add(crew->sums, &slot->found);
        slot->done = false;
        crew->turn++;
        pthread_cond_broadcast(&crew->moved);
    }
    crew->writing = false;
    pthread_cond_broadcast(&crew->moved);
}

static void finish_piece(struct crew *crew, worker *self, bool good) {
    uint64_t ticket = self->out.ticket;
    ring_slot *slot = &crew->slots[ticket % crew->ring];
    pthread_mutex_lock(&crew->lock);
    slot->used = self->out.used;
    slot->found = worker_found(self);
    slot->done = true;
    if (!good && ticket < crew->pieces) {
        if (self->reason || self->error) {
            /* The input ends here. Pieces behind it that are under way are not printed or counted. */
            crew->pieces = ticket + 1;
            crew->reason = self->reason;
            crew->error = self->error;
        } else {
            crew->stopped = true;
        }
    }
    if (is_stopped(crew)) /* no piece gets its turn any more */
        totals_add(crew->sums, &slot->found);
    if (!crew->writing)
        write_complete(crew);
    pthread_mutex_unlock(&crew->lock);
}

static void walk_next(struct crew *crew, worker *self, uint64_t ticket) {
    ring_slot *slot = &crew->slots[ticket % crew->ring];
    uint64_t begin = crew->from->begin + ticket * PIECE;
    uint64_t end = ticket + 1 == crew->all ? UINT64_MAX : begin + PIECE;
    worker_begin(self, begin, end, ticket == 0);
    self->out = (output){.buffer = slot->buffer, .size = SLOT_SIZE, .crew = crew, .ticket = ticket};
    bool numbered = !crew->job->given->line_number || number_lines(crew, self);
    finish_piece(crew, self, walk_piece(self, crew->from, true) && numbered);
}

static void *work(void *context) {
    struct crew *crew = context;
    worker self;
    uint64_t ticket;
    if (worker_open(&self, crew->job, 0)) {
        while (take_ticket(crew, &ticket)) {
            walk_next(crew, &self, ticket);
            worker_shrink(&self);
        }
    } else {
        complain_memory();
        pthread_mutex_lock(&crew->lock);
        crew->stopped = true;
        pthread_cond_broadcast(&crew->moved);
        pthread_mutex_unlock(&crew->lock);
    }
    self.out = (output){0};
    worker_close(&self);
    return NULL;
}

static bool open_slots(struct crew *crew) {
    crew->slots = calloc(crew->ring, sizeof *crew->slots);
    for (size_t i = 0; crew->slots && i < crew->ring; i++)
        if (!(crew->slots[i].buffer = malloc(SLOT_SIZE)))
            return false;
    return crew->slots != NULL;
}

static void close_slots(struct crew *crew) {
    for (size_t i = 0; crew->slots && i < crew->ring; i++)
        free(crew->slots[i].buffer);
    free(crew->slots);
}

static bool run(struct crew *crew) {
    pthread_t threads[THREADS_MOST];
    unsigned started = 0, wanted = crew->job->given->threads - 1;
    if (!open_slots(crew)) {
        crew->reason = "out of memory";
        return false;
    }
    /* Threads get a small stack and no heap of their own: under a limit of address space those
     * would count for far more than what is ever used of them. */
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
#if defined(M_ARENA_MAX) /* glibc; musl has one heap for all */
    mallopt(M_ARENA_MAX, 1);
#endif
    /* This thread is one of the crew; when no other can be started, it is the crew. */
    while (started < wanted && pthread_create(&threads[started], &attributes, work, crew) == 0)
        started++;
    pthread_attr_destroy(&attributes);
    work(crew);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return !crew->stopped && !crew->reason && !crew->error;
}

bool walk_file_in_pieces(scan_job *job, source *from, totals *sums, const char **reason) {
    struct crew crew = {.job = job, .from = from, .sums = sums, .ring = 2 * job->given->threads};
    crew.all = crew.pieces = (from->end - from->begin) / PIECE;
    pthread_mutex_init(&crew.lock, NULL);
    pthread_cond_init(&crew.moved, NULL);
    bool good = run(&crew);
    /* Whoever reads the descriptor after us goes on where we ended. */
    lseek(from->fd, (off_t)from->end, SEEK_SET);
    *reason = crew.reason ? crew.reason : crew.error ? strerror(crew.error) : NULL;
    close_slots(&crew);
    pthread_cond_destroy(&crew.moved);
    pthread_mutex_destroy(&crew.lock);
    return good;
}
