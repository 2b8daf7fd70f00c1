/* SPDX-License-Identifier: Apache-2.0 OR MIT */
#include "search.h"

#include "buffer_size.h"
#include "capture_scan.h"
#include "clock.h"
#include "log.h"
#include "parallel_scan.h"
#include "progress.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { OUTPUT_SIZE = BUFFER_SIZED(64 * 1024, OUTPUT_MAX_RESERVE) };

static bool scan_serial(range_scanner *scanner, input *in, scan_counts *counts,
                        const char **reason) {
    scanner_begin(scanner, in->begin, UINT64_MAX, true);
    bool ok = scan_range(scanner, in, false);
    if (!ok && (scanner->reason || scanner->error))
        *reason = scanner->reason ? scanner->reason : raw_error(scanner->error);
    scanner_shrink(scanner);
    add_counts(counts, &scanner->counts);
    return ok;
}

static void search_file(range_scanner *scanner, const char *name, search_result *result) {
    scan_job *job = scanner->job;
    output *out = &scanner->out;
    input in;
    const char *reason = NULL;
    uint64_t before = result->counts.selected;
    job->label = input_label(name);
    if (!input_open(&in, name, &reason)) {
        output_flush(out);
        if (!job->config->walk.no_messages)
            log_error("%s: %s", job->label, reason);
        result->failed = true;
        return;
    }
    if (!in.capture && job->config->packets.given && !result->text_named) {
        result->text_named = true;
        log_error("%s: not a packet capture: --src, --dst and --inner have no effect", job->label);
    }
    bool ok;
    if (in.capture && job->sink->text_only) {
        ok = false;
        reason = "a packet capture is not text";
    } else if (in.capture) {
        ok = scan_capture(scanner, &in, &result->counts, &reason);
    } else if (can_scan_parallel(job, &in)) {
        ok = output_flush(out) && scan_parallel(job, &in, &result->counts, &reason);
    } else {
        ok = scan_serial(scanner, &in, &result->counts, &reason);
    }
    progress_clear();
    if (job->sink->flush && !job->sink->flush(scanner))
        result->failed = true;
    if (!out->failed && job->sink->input_done &&
        !job->sink->input_done(out, job->label, job->state, result->counts.selected - before))
        result->failed = true;
    if (reason) {
        output_flush(out);
        log_error("%s: %s", job->label, reason);
        result->failed = true;
    } else if (!ok && !atomic_exchange(&job->stop, true)) {
        /* Not stopped by the sink: the failure is logged. */
        result->failed = true;
    }
    input_close(&in);
}

typedef struct {
    range_scanner *scanner;
    search_result *result;
} directory_search;

/* walk_visit */
static bool search_found(void *context, const char *path) {
    const directory_search *search = context;
    search_file(search->scanner, path, search->result);
    return !atomic_load(&search->scanner->job->stop);
}

/* A file, or with --recursive all files below a directory; "" is the current one. */
static void search_operand(range_scanner *scanner, const char *name, search_result *result) {
    const walk_config *walk = &scanner->job->config->walk;
    directory_search search = {scanner, result};
    if (strcmp(name, "-") != 0 && *name && !is_directory(name) && !walk_accepts(walk, name))
        return;
    if (!walk->recursive || (*name && !is_directory(name)))
        search_file(scanner, name, result);
    else if (walk_directory(name, walk, search_found, &search) == WALK_FAILED)
        result->failed = true;
}

search_result search_files(const scan_config *config, int n_files, char *const *files,
                           bool prints_last, bool quiet, const match_sink *sink, void *state) {
    scan_job job = {.config = config, .sink = sink, .state = state};
    search_result result = {0};
    range_scanner scanner;
    double begin = clock_seconds();
    if (!quiet)
        progress_enable(prints_last);
    if (scanner_open(&scanner, &job, OUTPUT_SIZE)) {
        for (int i = 0; i < n_files && !atomic_load(&job.stop); i++)
            search_operand(&scanner, files[i], &result);
        result.failed |= !output_flush(&scanner.out);
    } else {
        log_out_of_memory();
        result.failed = true;
    }
    scanner_close(&scanner);
    result.failed |= atomic_load(&job.failed);
    progress_clear();
    result.seconds = clock_seconds() - begin;
    return result;
}

static void print_quantity(uint64_t n, const char *one, const char *more, const char *end) {
    fprintf(stderr, "%llu %s%s", (unsigned long long)n, n == 1 ? one : more, end);
}

/* Where there is enough to measure: a time that the clock resolves, and more than a buffer. */
static void print_rate(uint64_t bytes, double seconds) {
    if (seconds < 0.001 || bytes < 1000000)
        return;
    const double rate = (double)bytes / seconds;
    if (rate < 1e8)
        fprintf(stderr, ", %.1f MB/s", rate / 1e6);
    else
        fprintf(stderr, ", %.2f GB/s", rate / 1e9);
}

void print_stats(const search_result *result, const uint64_t *distinct) {
    const scan_counts *counts = &result->counts;
    print_quantity(counts->newlines, "line", "lines", ", ");
    print_quantity(counts->bytes, "byte", "bytes", ", ");
    print_quantity(counts->matches, "address", "addresses", "");
    if (distinct)
        fprintf(stderr, ", %llu distinct", (unsigned long long)*distinct);
    fprintf(stderr, "; %.3f s", result->seconds);
    print_rate(counts->bytes, result->seconds);
    fputc('\n', stderr);
}
