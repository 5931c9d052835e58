// SPDX-License-Identifier: Apache-2.0

extension AttachArguments {
    /// The options as they were written, for `skep run` in a guest.
    var words: [String] {
        func option(_ name: String, _ values: [String]) -> [String] { values.map { "--\(name)=\($0)" } }
        func option(_ name: String, _ value: String?) -> [String] { option(name, value.map { [$0] } ?? []) }
        func option(_ name: String, _ value: (any WrittenArgument)?) -> [String] { option(name, value?.argument) }
        func number<Number: BinaryInteger>(_ name: String, _ value: Number?) -> [String] {
            option(name, value.map { "\($0)" })
        }
        func flag(_ name: String, _ isSet: Bool) -> [String] { isSet ? ["--\(name)"] : [] }
        let network =
            option("iface", iface) + option("netns", netns) + flag("egress", egress) + option("xdp-mode", xdpMode)
            + option("bound-device", boundDevice) + flag("offload", offload) + option("before", before)
            + option("after", after) + number("priority", priority) + number("handle", handle)
            + option("netfilter-hook", netfilterHook) + flag("defrag", defrag) + option("route", route)
            + option("socket", socket) + option("socket-map", socketMap.map(\.argument)) + option("lirc", lirc)
        let groups =
            option("cgroup", cgroup) + option("cgroup-sharing", cgroupSharing) + option("cgroup-order", cgroupOrder)
        let tracing =
            option("iterate", iterate) + number("tid", tid) + option("binary", binary) + option("symbol", symbol)
            + option("cookie", cookie.map(\.argument)) + option("counter-offset", counterOffset)
            + option("probe-method", probeMethod) + option("perf-event", perfEvent) + number("freq", freq)
            + number("period", period) + option("cpu", cpu)
        return network + groups + tracing + option("target", target) + option("target-function", targetFunction)
            + option("mechanism", mechanism)
    }
}
