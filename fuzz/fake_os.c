/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "fake_os.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "fuzz.h"

enum { MAX_CAPTURED = 1 << 20, MAX_THREADS = 3 };

/* The captured output of stdio and of write(2), in order. */
typedef struct stream {
    captured out;
    FILE *file;
    FILE *real; /* the stream that it replaces */
} stream;

static stream out, errors;
static input_delivery delivery;
static int input_file = -1, standard_input = -1, list = -1;
static unsigned threads;

/* The read offsets of standard input and of the last file opened. */
static size_t offsets[2];

/* The lowest free descriptor; a higher one after the run is a leak. */
static int lowest;

static const char networks[] = "10.0.0.0/8 # private\n192.0.2.0 - 192.0.2.127\n\n2001:db8::/32\n";

/* ---- output ------------------------------------------------------------------------------------- */

static void capture(captured *to, const char *from, size_t len) {
    size_t left = MAX_CAPTURED - to->len, n = len < left ? len : left;
    if (n > 0)
        memcpy(to->text + to->len, from, n);
    to->len += n;
    to->size += len;
    for (size_t i = n; i < len; i++)
        to->sum = (to->sum ^ (uint8_t)from[i]) * 0x100000001b3u;
}

static ssize_t capture_stdio(void *context, const char *from, size_t len) {
    stream *to = context;
    capture(&to->out, from, len);
    return (ssize_t)len;
}

static void open_stream(stream *which) {
    which->out.text = malloc(MAX_CAPTURED);
    which->file = fopencookie(which, "w", (cookie_io_functions_t){.write = capture_stdio});
    if (!which->out.text || !which->file)
        fail(NULL, 0, "out of memory for the output");
}

/* glibc documents stdout and stderr as assignable. */
static void replace_stream(stream *which, FILE **of) {
    which->out.len = which->out.size = 0;
    which->out.sum = 0;
    which->real = *of;
    *of = which->file;
}

static void restore_stream(stream *which, FILE **of) {
    fflush(which->file);
    clearerr(which->file);
    *of = which->real;
}

/* ---- input -------------------------------------------------------------------------------------- */

static void require(bool ok, const char *what) {
    if (!ok)
        fail(NULL, 0, "fake_os: %s: %s", what, strerror(errno));
}

static void fill(int fd, const void *text, size_t size) {
    require(pwrite(fd, text, size, 0) == (ssize_t)size && ftruncate(fd, (off_t)size) == 0, "file");
}

static void set_up(void) {
    input_file = memfd_create("input", MFD_CLOEXEC);
    standard_input = memfd_create("standard input", MFD_CLOEXEC);
    list = memfd_create("list", MFD_CLOEXEC);
    require(input_file >= 0 && standard_input >= 0 && list >= 0, "memfd_create");
    fill(list, networks, sizeof networks - 1);
    open_stream(&out);
    open_stream(&errors);
}

static void set_standard_input(const void *text, size_t size) {
    int ends[2];
    if (!delivery.pipe) {
        fill(standard_input, text, size);
        require(lseek(standard_input, 0, SEEK_SET) == 0 && dup2(standard_input, STDIN_FILENO) == 0,
                "standard input");
        return;
    }
    if (size > FAKE_MAX_TEXT)
        fail(NULL, 0, "fake_os: %zu bytes do not fit into a pipe", size);
    require(pipe(ends) == 0 && write(ends[1], text, size) == (ssize_t)size &&
                dup2(ends[0], STDIN_FILENO) == 0,
            "pipe");
    close(ends[0]);
    close(ends[1]);
}

static int lowest_descriptor(void) {
    int fd = dup(STDIN_FILENO);
    close(fd);
    return fd;
}

void fake_begin(const void *text, size_t size, const input_delivery *how) {
    if (input_file < 0)
        set_up();
    delivery = *how;
    fill(input_file, text, size);
    set_standard_input(text, size);
    lowest = lowest_descriptor();
    threads = 0;
    offsets[0] = 0;
    replace_stream(&out, &stdout);
    replace_stream(&errors, &stderr);
    optind = 0; /* resets getopt_long, also within an argument */
}

void fake_end(captured *what, captured *what_errors) {
    restore_stream(&out, &stdout);
    restore_stream(&errors, &stderr);
    *what = out.out;
    *what_errors = errors.out;
    if (lowest_descriptor() != lowest)
        fail(NULL, 0, "fake_os: a descriptor leaked");
}

/* ---- system calls ------------------------------------------------------------------------------- */

/* A duplicate shares the file offset, which is reset. */
static int open_again(int fd) {
    require(lseek(fd, 0, SEEK_SET) == 0, "lseek");
    offsets[1] = 0;
    return dup(fd);
}

int fake_open(const char *name, int flags, ...) {
    if (flags & O_CREAT) {
        errno = EROFS;
        return -1;
    }
    if (strncmp(name, "input", 5) == 0)
        return open_again(input_file);
    if (strcmp(name, "list") == 0)
        return open_again(list);
    if (strcmp(name, "folder") == 0)
        return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    errno = ENOENT;
    return -1;
}

static size_t limit_step(size_t len, size_t max) {
    return delivery.step > 0 && len > max ? max : len;
}

/* Limits *size to the bytes that can be read at an offset; false: none, with errno. */
static bool can_read(size_t offset, size_t *size) {
    *size = limit_step(*size, delivery.step);
    if (delivery.broken == 0 || *size == 0)
        return true;
    if (offset >= delivery.broken) {
        errno = EIO;
        return false;
    }
    *size = *size < delivery.broken - offset ? *size : delivery.broken - offset;
    return true;
}

ssize_t fake_read(int fd, void *to, size_t size) {
    size_t *offset = &offsets[fd != STDIN_FILENO];
    if (!can_read(*offset, &size))
        return -1;
    ssize_t got = read(fd, to, size);
    *offset += got > 0 ? (size_t)got : 0;
    return got;
}

ssize_t fake_pread(int fd, void *to, size_t size, off_t offset) {
    return can_read((size_t)offset, &size) ? pread(fd, to, size, offset) : -1;
}

ssize_t fake_write(int fd, const void *from, size_t len) {
    if (fd != STDOUT_FILENO)
        fail(NULL, 0, "fake_os: %zu bytes are written to descriptor %d", len, fd);
    len = limit_step(len, 16 * delivery.step);
    capture(&out.out, from, len);
    return (ssize_t)len;
}

int fake_isatty(int fd) {
    return fd == STDOUT_FILENO && delivery.terminal;
}

char *fake_getenv(const char *name) {
    static char term[] = "xterm";
    return strcmp(name, "TERM") == 0 ? term : NULL;
}

int fake_getaffinity(pid_t process, size_t size, cpu_set_t *set) {
    (void)process;
    memset(set, 0, size);
    for (int i = 0; i < delivery.processors; i++)
        CPU_SET_S((size_t)i, size, set);
    return 0;
}

/* Only the first thread creates others. */
int fake_create_thread(pthread_t *thread, const pthread_attr_t *attributes,
                       void *start(void *context), void *context) {
    return threads++ < MAX_THREADS ? pthread_create(thread, attributes, start, context) : EAGAIN;
}

/* The process stays as it is. */
int fake_prctl(int option, ...) {
    (void)option;
    return 0;
}

int fake_getentropy(void *to, size_t len) {
    memset(to, 0x5a, len);
    return 0;
}

int fake_getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                     int64_t timeout_ms, struct addrinfo **res) {
    struct addrinfo numeric = *hints;
    (void)timeout_ms;
    numeric.ai_flags |= AI_NUMERICHOST;
    return simdinet_getaddrinfo(node, service, &numeric, res);
}

int fake_gethostbyaddr(const char *s, size_t len, simdinet_hostent **res, simdinet_error *error) {
    static const char odd[] = "\"\\\n\x01\x7f\xff.example";
    static const char *const aliases[] = {odd, "", NULL};
    uint8_t address[16];
    if (len != SIMDINET_ZSTR)
        fail(s, len, "fake_os: gethostbyaddr of a text with a length");
    if (simdinet_parse_ipv4_z(s, address) != 1 && simdinet_parse_ipv6_z(s, address) != 1) {
        *error = (simdinet_error){.status = SIMDINET_E_HERR, .detail = HOST_NOT_FOUND};
        return SIMDINET_E_HERR;
    }
    simdinet_hostent *host = calloc(1, sizeof *host);
    require(host, "memory");
    *host = (simdinet_hostent){.name = "host.example", .naliases = 2, .aliases = aliases};
    *res = host;
    return SIMDINET_OK;
}
