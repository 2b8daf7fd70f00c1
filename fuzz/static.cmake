# SPDX-License-Identifier: Apache-2.0 OR MIT
# Targets run on machines that have not what the build had: of packages they take the static libraries.
set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
set(SIMDINET_WITH_PCAP OFF CACHE BOOL "" FORCE)
set(SIMDINET_LOAD_LIBRARIES OFF CACHE BOOL "" FORCE)
