// SPDX-License-Identifier: Apache-2.0

import Linux
import TestSupport
import Testing

/// `skep run` with programs of the network, always in a network namespace of the test's own.
@Suite("skep run in a network", .enabled(if: KernelAccess.isAvailable, "needs root and bpf(2)"))
struct NetworkRunKernelTests {
    @Test("a netfilter program counts the packets of its hook", .enabled(if: KernelVersion.current >= "6.4"))
    func netfilter() throws {
        // Nobody listens, so each datagram is followed by a message that says so: six packets.
        let answer = try Skep.script(
            run(
                "filter.bpf.c --netfilter-hook input --priority 5",
                "for i in 1 2 3; do echo x > /dev/udp/127.0.0.1/9; done"))
        #expect(answer.output.contains("hits = 6"), "\(answer.output) \(answer.errors)")
        #expect(answer.code == 0)
    }

    @Test("links tell what they are attached to", .enabled(if: KernelVersion.current >= "6.6"))
    func links() throws {
        let answer = try Skep.script(
            run(
                "filter.bpf.c --netfilter-hook ipv6/output --defrag --priority -7",
                "\"$skep\" link list --json | grep \\\"pid\\\":$run,; \"$skep\" link list"))
        let fields = "\"family\":\"ipv6\",\"hook\":\"local_out\",\"priority\":-7,\"defragments\":true,\"pinned\":[]"
        #expect(answer.output.contains(fields), "\(answer.output) \(answer.errors)")
        #expect(answer.output.contains("ipv6 local_out priority -7"))
        #expect(answer.code == 0)
    }

    @Test("XDP in a mode that the interface has not is told, with the exit code for it")
    func hardware() throws {
        let answer = try Skep.script(
            "unshare --net bash -c 'ip link add skep-a type veth peer name skep-b; "
                + "exec \"$skep\" run packets.bpf.c --iface skep-a --xdp-mode hardware'")
        #expect(answer.code == 4, "\(answer.errors)")
        #expect(answer.errors.contains("the device of the interface skep-a does not run XDP programs itself"))
    }

    /// A script that runs a service in a namespace with a loopback interface, and work once it is attached.
    private func run(_ service: String, _ work: String) -> String {
        """
        unshare --net bash -c '
            ip link set lo up; log=$(mktemp)
            "$skep" run \(service) --state --duration 3s 2> "$log" & run=$!
            for i in $(seq 200); do grep -q running "$log" && break; sleep 0.05; done
            \(work)
            wait $run; code=$?; cat "$log" >&2; rm "$log"; exit $code'
        """
    }
}
