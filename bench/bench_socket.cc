// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_socket - the socket functions against the C library's. Where a table of a file answers, it
// is timed with the file checked at each call ("simdinet") and once a second ("stale").
#include "report.h"
#include "simdinet_socket.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {

// What a benchmark does once.
using Call = std::function<void()>;

void add(const std::string &name, const Call &before, const Call &call) {
    benchmark::RegisterBenchmark(name.c_str(), [before, call](benchmark::State &state) {
        before();
        for (auto _ : state)
            call();
        state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
    });
}

void add_pair(const std::string &name, const Call &libc, const Call &ours) {
    add(
        name + "/libc", [] {}, libc);
    add(
        name + "/simdinet", [] { simdinet_services_allow_stale(0); }, ours);
}

void add_table(const std::string &name, const Call &libc, const Call &ours) {
    add_pair(name, libc, ours);
    add(
        name + "/stale", [] { simdinet_services_allow_stale(1); }, ours);
}

// ---- addresses ----------------------------------------------------------------------------------

void add_getaddrinfo(const std::string &name, const char *host, const char *service, int type,
                     int flags) {
    addrinfo hints = {};
    hints.ai_socktype = type;
    hints.ai_flags = flags;
    add_pair(
        "getaddrinfo/" + name,
        [=] {
            addrinfo *list = nullptr;
            if (getaddrinfo(host, service, &hints, &list) == 0)
                freeaddrinfo(list);
        },
        [=] {
            addrinfo *list = nullptr;
            if (simdinet_getaddrinfo(host, service, &hints, &list) == 0)
                simdinet_freeaddrinfo(list);
        });
}

void add_getnameinfo(const std::string &name, const char *host, int flags) {
    sockaddr_in6 address = {};
    socklen_t size = sizeof(sockaddr_in6);
    sockaddr_in ipv4 = {};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(443);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(443);
    if (simdinet_inet_pton(AF_INET, host, &ipv4.sin_addr) == 1) {
        std::memcpy(&address, &ipv4, sizeof ipv4);
        size = sizeof ipv4;
    } else {
        simdinet_inet_pton(AF_INET6, host, &address.sin6_addr);
    }
    add_pair(
        "getnameinfo/" + name,
        [=] {
            char text[NI_MAXHOST], service[NI_MAXSERV];
            benchmark::DoNotOptimize(getnameinfo(reinterpret_cast<const sockaddr *>(&address), size,
                                                 text, sizeof text, service, sizeof service,
                                                 flags));
            benchmark::ClobberMemory();
        },
        [=] {
            char text[NI_MAXHOST], service[NI_MAXSERV];
            benchmark::DoNotOptimize(
                simdinet_getnameinfo(reinterpret_cast<const sockaddr *>(&address), size, text,
                                     sizeof text, service, sizeof service, flags));
            benchmark::ClobberMemory();
        });
}

// ---- services -----------------------------------------------------------------------------------

struct Service {
    std::string name;
    std::string proto;
    int port; // network order
};

std::vector<Service> all_services() {
    std::vector<Service> services;
    setservent(1);
    while (const servent *entry = getservent())
        services.push_back({entry->s_name, entry->s_proto, entry->s_port});
    endservent();
    return services;
}

void libc_by_name(const Service &service) {
    char buffer[1024];
    servent entry, *found = nullptr;
    getservbyname_r(service.name.c_str(), service.proto.c_str(), &entry, buffer, sizeof buffer,
                    &found);
    benchmark::DoNotOptimize(found);
}

void our_by_name(const Service &service) {
    std::uint16_t port = 0;
    simdinet_getservbyname(service.name.data(), service.name.size(), service.proto.data(),
                           service.proto.size(), &port, nullptr);
    benchmark::DoNotOptimize(port);
}

void libc_by_port(const Service &service) {
    char buffer[1024];
    servent entry, *found = nullptr;
    getservbyport_r(service.port, service.proto.c_str(), &entry, buffer, sizeof buffer, &found);
    benchmark::DoNotOptimize(found);
}

void our_by_port(const Service &service) {
    char name[256];
    simdinet_getservbyport(ntohs(static_cast<std::uint16_t>(service.port)), service.proto.data(),
                           service.proto.size(), name, sizeof name, nullptr, nullptr);
    benchmark::DoNotOptimize(name);
}

void add_service(const std::string &name, const Service &service) {
    add_table(
        "getservbyname/" + name, [=] { libc_by_name(service); }, [=] { our_by_name(service); });
    add_table(
        "getservbyport/" + name, [=] { libc_by_port(service); }, [=] { our_by_port(service); });
}

// Every entry of the file in turn: what a call costs when no name is likelier than another.
template <typename Function> Call in_turn(const std::vector<Service> &services, Function function) {
    return [&services, function, next = std::size_t{0}]() mutable {
        function(services[next]);
        next = next + 1 < services.size() ? next + 1 : 0;
    };
}

void add_protocol(const char *name) {
    add_table(
        std::string("getprotobyname/") + name,
        [=] {
            char buffer[1024];
            protoent entry, *found = nullptr;
            getprotobyname_r(name, &entry, buffer, sizeof buffer, &found);
            benchmark::DoNotOptimize(found);
        },
        [=] {
            int number = 0;
            simdinet_getprotobyname(name, SIMDINET_ZSTR, &number, nullptr);
            benchmark::DoNotOptimize(number);
        });
}

} // namespace

int main(int argc, char **argv) {
    const std::vector<Service> services = all_services();

    add_getaddrinfo("v4 3 results", "192.0.2.1", "80", 0, 0);
    add_getaddrinfo("v4 1 result", "192.0.2.1", "80", SOCK_STREAM, 0);
    add_getaddrinfo("v6 3 results", "2001:db8::1", "80", 0, 0);
    add_getaddrinfo("v6 1 result", "2001:db8::1", "80", SOCK_STREAM, 0);
    add_getaddrinfo("v6 long", "2001:db8:1234:5678:9abc:def0:1234:5678", "8080", SOCK_STREAM,
                    AI_NUMERICHOST);
    add_getaddrinfo("service name", "192.0.2.1", "http", SOCK_STREAM, 0);
    add_getaddrinfo("service name any type", "192.0.2.1", "http", 0, 0);
    add_getnameinfo("v4", "192.0.2.1", NI_NUMERICHOST | NI_NUMERICSERV);
    add_getnameinfo("v6", "2001:db8::1", NI_NUMERICHOST | NI_NUMERICSERV);
    add_getnameinfo("service name", "192.0.2.1", NI_NUMERICHOST);
    if (!services.empty()) {
        add_service("first line", services.front());
        add_service("http", {"http", "tcp", htons(80)});
        add_service("last line", services.back());
        add_service("not there", {"no-such-service", "tcp", htons(4)});
        add_table("getservbyname/each in turn", in_turn(services, libc_by_name),
                  in_turn(services, our_by_name));
        add_table("getservbyport/each in turn", in_turn(services, libc_by_port),
                  in_turn(services, our_by_port));
    }
    add_protocol("tcp");
    add_protocol("no-such-protocol");

    report_operation("getaddrinfo", "one call, and the list freed");
    report_operation("getnameinfo", "one address to host and service");
    report_operation("getservbyname", "one service's port");
    report_operation("getservbyport", "one port's service");
    report_operation("getprotobyname", "one protocol's number");
    return report_run(argc, argv);
}
