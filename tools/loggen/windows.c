/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Windows events as JSON: the message of several lines is one string, with its escapes. */
#include "loggen.h"

static const char *const agents[] = {
    "\"agent\":{\"type\":\"winlogbeat\",\"version\":\"8.$n.$n.$n\"}",
    "\"agentVersion\": \"24.3.$n.$n\"",
    "\"SourceModuleName\":\"eventlog\"",
    "\"SourceModuleName\":\"eventlog\"",
};

static const char *const messages[] = {
    "\"EventID\":4624,\"message\":\"An account was successfully logged "
    "on.\\r\\n\\r\\nSubject:\\r\\n\\tSecurity "
    "ID:\\t\\tS-1-5-18\\r\\n\\r\\nNetwork Information:\\r\\n\\tWorkstation "
    "Name:\\t$w\\r\\n\\tSource Network "
    "Address:\\t$I\\r\\n\\tSource Port:\\t\\t$o\\r\\n\"",
    "\"EventID\":4625,\"message\":\"An account failed to log on.\\n\\nNetwork "
    "Information:\\n\\tWorkstation "
    "Name:\\t-\\n\\tSource Network Address:\\t$C\\n\\tSource Port:\\t\\t$o\\n\"",
    "\"EventID\":4768,\"message\":\"A Kerberos authentication ticket (TGT) was "
    "requested.\\r\\n\\r\\nNetwork "
    "Information:\\r\\n\\tClient Address:\\t\\t$M\\r\\n\\tClient Port:\\t\\t$o\\r\\n\"",
    "\"EventID\":4769,\"message\":\"A Kerberos service ticket was requested.\\r\\n\\r\\nNetwork "
    "Information:\\r\\n\\tClient Address:\\t\\t${::1}\\r\\n\\tClient Port:\\t\\t0\\r\\n\"",
    "\"EventID\":5156,\"message\":\"The Windows Filtering Platform has permitted a "
    "connection.\\r\\n\\r\\nNetwork Information:\\r\\n\\tSource Address:\\t\\t$P\\r\\n\\tSource "
    "Port:\\t\\t$o\\r\\n\\tDestination Address:\\t$I\\r\\n\\tDestination Port:\\t\\t$p\\r\\n\"",
    "\"EventID\":5158,\"message\":\"The Windows Filtering Platform has permitted a "
    "bind.\\r\\n\\tSource "
    "Address:\\t\\t${::}\\r\\n\\tSource Port:\\t\\t$o\\r\\n\"",
    "\"EventID\":3,\"message\":\"Network connection detected:\\nSourceIp: $X\\nDestinationIp: "
    "$X\\nImage: "
    "C:\\\\$w\\\\v$d.$n.$n.$n\\\\$w.exe\"",
    "\"EventID\":1149,\"message\":\"Remote Desktop Services: User authentication "
    "succeeded:\\n\\nUser: "
    "$w\\nSource Network Address: $I\"",
};

static const char *const data[] = {
    "\"EventID\":4624,\"EventData\":{\"LogonType\":\"3\",\"IpAddress\":\"$I\",\"IpPort\":\"$o\"}",
    "\"EventID\":4625,\"EventData\":{\"LogonType\":\"10\",\"IpAddress\":\"$C\",\"IpPort\":\"0\"}",
    "\"EventID\":4768,\"EventData\":{\"IpAddress\":\"$M\",\"IpPort\":\"$o\"}",
    "\"EventID\":22,\"EventData\":{\"QueryName\":\"$w.example.org\",\"QueryResults\":\"$M;$M;\"}",
    "\"EventID\":22,\"EventData\":{\"QueryName\":\"$w.example.org\",\"QueryResults\":\"type:  5 "
    "$w.example.net;$X;$I;\"}",
    "\"EventID\":7045,\"xml\":\"\\u003cData "
    "Name=\\u0027IpAddress\\u0027\\u003e$C\\u003c/Data\\u003e\"",
    "\"EventID\":19,\"EventData\":{\"updateTitle\":\"Security Update (KB$k)\",\"package\":"
    "\"Package_for_KB$k~31bf3856ad364e35~amd64~~6.1.$n.$n\"}",
    "\"EventID\":1,\"EventData\":{\"Image\":\"C:\\\\Program "
    "Files\\\\$w\\\\$w.exe\",\"FileVersion\":"
    "\"10.0.$n.$n\",\"Guid\":\"{$u}\"}",
};

static void write_message(generator *g) {
    put(g, "\"message\":\"");
    (one_in(g, 16) ? emit_odd_bytes : emit_noise)(g);
    put(g, "\"");
}

static void write_windows_line(generator *g) {
    uint32_t chance = below(g, 32);
    put(g, "{\"@timestamp\":\"$i\",\"computer\":\"$w-$d\",");
    put(g, PICK(g, agents));
    put(g, ",");
    if (chance == 0)
        write_message(g);
    else
        put(g, chance < 12 ? PICK(g, data) : PICK(g, messages));
    put(g, "}");
}

const log_kind windows_log = {"windows", NULL, write_windows_line};
