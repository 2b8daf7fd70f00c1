// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// address_calls.h - the operations on one address, each with its candidates: libc first, whose results
// the others are compared with, then other libraries, then the implementations of simdinet.
#ifndef BENCH_ADDRESS_CALLS_H
#define BENCH_ADDRESS_CALLS_H

#include "candidate.h"
#include "simdinet.h"

#include <string>
#include <vector>

struct Operation {
    std::string name;
    std::string title;
    int family; // of its corpora; 0: the empty call, for any corpus
    bool parses;
    std::vector<Candidate> candidates;
};

std::vector<Operation> address_operations();

#endif
