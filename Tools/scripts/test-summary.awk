# SPDX-License-Identifier: Apache-2.0
#
# Reads the event stream of `swift test --event-stream-output-path` (one JSON object a line) and says what ran in each tier
# and what was skipped and why. A case of a parametrised test counts as a test. The last line stands alone, so that
# other programs can read it: "N passed, N failed, N skipped".
#
# Tiers: guest = GuestTests; kernel = the targets below and every suite named ...KernelTests; pure = all others.

BEGIN {
    split("pure kernel guest", order, " ")
    split("LinuxTests BPFTests ServiceRuntimeTests CommandTests", names, " ")
    for (i in names) kernel_target[names[i]] = 1
}

function field(name,    found) { # the text of a JSON string field, with its escapes
    if (!match($0, "\"" name "\":\"([^\"\\\\]|\\\\.)*\"")) return ""
    found = substr($0, RSTART, RLENGTH)
    return substr(found, length(name) + 5, length(found) - length(name) - 5)
}

function comment(    found) {
    if (!match($0, /"_comments":\["([^"\\]|\\.)*"/)) return "no reason given"
    found = substr($0, RSTART + 14, RLENGTH - 15)
    gsub(/\\"/, "\"", found); gsub(/\\\//, "/", found); gsub(/\\n/, " ", found)
    return found
}

function tier(test,    target, suite) {
    target = test; sub(/\..*/, "", target)
    suite = test; sub(/\\?\/.*/, "", suite)
    if (target == "GuestTests") return "guest"
    return (target in kernel_target || suite ~ /KernelTests$/) ? "kernel" : "pure"
}

!/^{"kind":"event"/ { next }
{
    test = field("testID")
    if (test !~ /\//) next # a suite, or the run
    unit = test
    if (match($0, /"_testCase":{"displayName":"([^"\\]|\\.)*","id":"([^"\\]|\\.)*"/)) {
        unit = test SUBSEP substr($0, RSTART, RLENGTH)
        parametrised[test] = 1
    }
    owner[unit] = test
}
/"kind":"test(Case)?Started"/ { if (!(unit in state)) state[unit] = "started" }
/"kind":"test(Case)?Ended"/ { if (state[unit] == "started") state[unit] = "passed" }
/"kind":"test(Skipped|Cancelled|CaseCancelled)"/ { if (state[unit] != "failed") { state[unit] = "skipped"; reason[unit] = comment() } }
/"kind":"issueRecorded"/ { if (!/"isKnown":true/ && !/"isFailure":false/ && !/"severity":"warning"/) state[unit] = "failed" }

END {
    for (unit in state) {
        test = owner[unit]
        # The function of a parametrised test counts only for what its cases do not show: a failure beside them, or a skip.
        if (unit == test && (test in parametrised) && state[unit] != "failed") continue
        if (state[unit] == "started") state[unit] = "failed" # the process ended under it
        count[tier(test), state[unit]]++
        total[state[unit]]++
        if (state[unit] == "skipped") why[tier(test), reason[unit]]++
    }
    if (crashed) { total["failed"]++; print "the test process did not end by itself: counted as one failure" }
    for (i = 1; i <= 3; i++) {
        printf "%-7s %d passed, %d failed, %d skipped\n", order[i] ":", count[order[i], "passed"],
            count[order[i], "failed"], count[order[i], "skipped"]
        for (key in why) {
            split(key, part, SUBSEP)
            if (part[1] == order[i]) printf "        %d skipped: %s\n", why[key], part[2]
        }
    }
    printf "%d passed, %d failed, %d skipped\n", total["passed"], total["failed"], total["skipped"]
}
