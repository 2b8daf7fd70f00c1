// SPDX-License-Identifier: Apache-2.0 OR MIT
//
// bench_socket - the socket functions and the C library's. Functions that read a file of /etc are timed with
// the file checked at each call ("simdinet") and once a second ("stale").
#include "options.h"
#include "report.h"
#include "simdinet_socket.h"

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

namespace {

// One call; the result is appended to result, unless that is NULL.
using Call = std::function<void(std::string *result)>;

void add(const std::string &name, const Call &libc, const Call &call, bool stale) {
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State &state) {
        simdinet_services_allow_stale(stale);
        std::string expected, result;
        libc(&expected);
        call(&result);
        for (auto _ : state)
            call(nullptr);
        report_measure(state, 1, 0, 1, result == expected);
    });
}

void add_pair(const std::string &name, const Call &libc, const Call &ours) {
    add(name + "/libc", libc, libc, false);
    add(name + "/simdinet", libc, ours, false);
}

void add_table(const std::string &name, const Call &libc, const Call &ours) {
    add_pair(name, libc, ours);
    add(name + "/stale", libc, ours, true);
}

// ---- addresses ----------------------------------------------------------------------------------

void append_list(std::string *result, int status, const addrinfo *list) {
    if (!result)
        return;
    *result += std::to_string(status);
    for (; list; list = list->ai_next) {
        for (int number : {list->ai_flags, list->ai_family, list->ai_socktype, list->ai_protocol})
            *result += " " + std::to_string(number);
        result->append(reinterpret_cast<const char *>(list->ai_addr), list->ai_addrlen);
    }
}

void add_getaddrinfo(const std::string &name, const char *host, const char *service, int type,
                     int flags) {
    addrinfo hints = {};
    hints.ai_socktype = type;
    hints.ai_flags = flags;
    add_pair(
        "getaddrinfo/" + name,
        [=](std::string *result) {
            addrinfo *list = nullptr;
            const int status = getaddrinfo(host, service, &hints, &list);
            append_list(result, status, list);
            if (list)
                freeaddrinfo(list);
        },
        [=](std::string *result) {
            addrinfo *list = nullptr;
            const int status = simdinet_getaddrinfo(host, service, &hints, &list);
            append_list(result, status, list);
            if (list)
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
    const auto timed = [=](auto function, std::string *result) {
        char text[NI_MAXHOST], port[NI_MAXSERV];
        text[0] = port[0] = '\0';
        const int status = function(reinterpret_cast<const sockaddr *>(&address), size, text,
                                    sizeof text, port, sizeof port, flags);
        benchmark::DoNotOptimize(text);
        if (result)
            *result += std::to_string(status) + " " + text + " " + port;
    };
    add_pair(
        "getnameinfo/" + name,
        [=](std::string *result) { timed([](auto... a) { return getnameinfo(a...); }, result); },
        [=](std::string *result) {
            timed([](auto... a) { return simdinet_getnameinfo(a...); }, result);
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

void libc_by_name(const Service &service, std::string *result) {
    char buffer[1024];
    servent entry, *found = nullptr;
    getservbyname_r(service.name.c_str(), service.proto.c_str(), &entry, buffer, sizeof buffer,
                    &found);
    benchmark::DoNotOptimize(found);
    if (result)
        *result +=
            std::to_string(found ? ntohs(static_cast<std::uint16_t>(found->s_port)) : 0) + " ";
}

void our_by_name(const Service &service, std::string *result) {
    std::uint16_t port = 0;
    simdinet_getservbyname(service.name.data(), service.name.size(), service.proto.data(),
                           service.proto.size(), &port, nullptr);
    benchmark::DoNotOptimize(port);
    if (result)
        *result += std::to_string(port) + " ";
}

void libc_by_port(const Service &service, std::string *result) {
    char buffer[1024];
    servent entry, *found = nullptr;
    getservbyport_r(service.port, service.proto.c_str(), &entry, buffer, sizeof buffer, &found);
    benchmark::DoNotOptimize(found);
    if (result)
        *result += std::string(found ? found->s_name : "") + " ";
}

void our_by_port(const Service &service, std::string *result) {
    char name[256];
    name[0] = '\0';
    simdinet_getservbyport(ntohs(static_cast<std::uint16_t>(service.port)), service.proto.data(),
                           service.proto.size(), name, sizeof name, nullptr, nullptr);
    benchmark::DoNotOptimize(name);
    if (result)
        *result += std::string(name) + " ";
}

void add_service(const std::string &name, const Service &service) {
    add_table(
        "getservbyname/" + name, [=](std::string *result) { libc_by_name(service, result); },
        [=](std::string *result) { our_by_name(service, result); });
    add_table(
        "getservbyport/" + name, [=](std::string *result) { libc_by_port(service, result); },
        [=](std::string *result) { our_by_port(service, result); });
}

// Every entry of the file in turn.
template <typename Function> Call in_turn(const std::vector<Service> &services, Function function) {
    return [&services, function, next = std::size_t{0}](std::string *result) mutable {
        if (result) {
            for (const Service &service : services)
                function(service, result);
            return;
        }
        function(services[next], nullptr);
        next = next + 1 < services.size() ? next + 1 : 0;
    };
}

void add_protocol(const char *name) {
    add_table(
        std::string("getprotobyname/") + name,
        [=](std::string *result) {
            char buffer[1024];
            protoent entry, *found = nullptr;
            getprotobyname_r(name, &entry, buffer, sizeof buffer, &found);
            benchmark::DoNotOptimize(found);
            if (result)
                *result += std::to_string(found ? found->p_proto : -1);
        },
        [=](std::string *result) {
            int number = -1;
            simdinet_getprotobyname(name, SIMDINET_ZSTR, &number, nullptr);
            benchmark::DoNotOptimize(number);
            if (result)
                *result += std::to_string(number);
        });
}

} // namespace

int main(int argc, char **argv) {
    take_options(argc, argv);
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
