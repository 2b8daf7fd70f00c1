/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Services of one application: a JSON object a line. */
#include "loggen.h"

static const char *const levels[] = {"debug", "info", "info", "info", "info", "warn", "error"};

/* Fields that follow the number of a request. */
static const char *const requests[] = {
    "\"client\":\"$C\",\"method\":\"GET\",\"path\":\"/$w/$w\",\"ms\":$n",
    "\"client\":\"$C\",\"method\":\"POST\",\"path\":\"/$w/$k\",\"ms\":$n",
    "\"remote\":\"$I:$o\",\"bytes\":$z,\"agent\":\"curl/8.5.0\"",
    "\"remote\":\"$I:$o\",\"path\":\"/api/v2/$w/$k\",\"upstream\":\"$P:8080\"",
    "\"remote\":\"[$X]:$o\",\"bytes\":$z,\"agent\":\"Chrome/120.0.0.0\"",
    "\"remote\":\"$M\",\"user\":\"$w\",\"status\":200",
    "\"forwarded\":[\"$C\",\"$I\",\"$P\"],\"upstream\":\"http:\\/\\/$P:8080\\/\"",
};

/* Fields of everything else. */
static const char *const events[] = {
    "\"listen\":\"[${::1}]:443\",\"pid\":$k",
    "\"listen\":[\"${0.0.0.0}:80\",\"[${::}]:80\",\"${::}\"]",
    "\"node\":\"$P\",\"lladdr\":\"$c\",\"link\":\"$L%eth0\",\"joined\":\"$i\"",
    "\"allow\":[\"${10.0.0.0}/8\",\"${192.168.0.0}/16\",\"${2001:db8::}/32\",\"${::}/0\"]",
    "\"pool\":\"${10.0.2.10}-${10.0.2.99}\",\"free\":$n",
    "\"pool\":\"$X-$X\",\"free\":$n",
    "\"oid\":\"1.3.6.1.4.1.311.21.$d\",\"serial\":\"$h:$h:$h:$h:$h:$h:$h:$h:$h:$h\"",
    "\"oid\":\"1.3.6.1.4.1.311\",\"eui64\":\"$h:$h:$h:$h:$h:$h:$h:$h\"",
    "\"module\":\"std::fs\",\"error\":\"io::Error::$w\",\"at\":\"src/$w.rs:$n:$n\"",
    "\"module\":\"$w::$w\",\"version\":\"$d.$n.$d.$n.$k\",\"commit\":\"$x$x$x$x$x\"",
    "\"release\":\"v$d.$d.$n.$n\",\"image\":\"registry.example.net:5000/$w:$d.$n.$n\"",
    "\"trace\":\"$x$x-$x\",\"dump\":\"$q $q $q $q $q $q $q $q\"",
    "\"backend\":{\"host\":\"$P\",\"port\":$p,\"v6\":\"$U\"}",
    "\"dns\":{\"name\":\"$w.example.org\",\"a\":[\"$I\",\"$I\"],\"aaaa\":[\"$X\",\"$G\"]}",
    "\"bad\":\"$n.$n.$n.$b\",\"zeros\":\"010.$n.$n.$n\",\"ptr\":\"$n.$n.$n.$n.in-addr.arpa\"",
    "\"nat64\":\"$N\",\"port\":$p,\"since\":\"$y $t\"",
};

static void write_message(generator *g) {
    put(g, "\"msg\":\"");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
    put(g, "\"");
}

static void write_event(generator *g) {
    put(g, PICK(g, events));
}

static void write_request(generator *g) {
    put(g, "\"request_id\":\"$u\",");
    put(g, PICK(g, requests));
}

static void write_json_line(generator *g) {
    uint32_t chance = below(g, 32);
    put(g, "{\"ts\":\"$i\",\"level\":\"");
    put(g, PICK(g, levels));
    put(g, "\",\"service\":\"$w-$d\",");
    (chance < 2 ? write_message : chance < 6 ? write_event : write_request)(g);
    put(g, "}");
}

const log_kind json_log = {"json", NULL, write_json_line};
