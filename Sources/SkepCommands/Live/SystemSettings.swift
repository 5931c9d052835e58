// SPDX-License-Identifier: Apache-2.0

import Linux

/// Settings of the machine that decide what is permitted.
struct SystemSettings {
    /// The sysctls that matter.
    private static let names = [
        "kernel.unprivileged_bpf_disabled", "kernel.bpf_stats_enabled", "kernel.kptr_restrict",
        "kernel.perf_event_paranoid", "net.core.bpf_jit_enable", "net.core.bpf_jit_harden",
        "net.core.bpf_jit_kallsyms", "net.core.bpf_jit_limit",
    ]

    private let controls: [(name: String, value: String?)]
    private let modules: [String]?
    private let lockdown: Lockdown?

    /// Reads them; what is not shown is missing.
    init() {
        controls = Self.names.map { name in
            let path = "/proc/sys/" + name.split(separator: ".").joined(separator: "/")
            let text = try? Files.readText(path, limit: 4096)
            return (name, text.map { String($0.prefix { $0 != "\n" }) })
        }
        modules = (try? Files.readText("/sys/kernel/security/lsm", limit: 4096))?
            .split { $0 == "," || $0 == "\n" }.map { String($0) }
        lockdown = Lockdown.current()
    }

    /// Lines for people.
    var text: String {
        var text = "\nsystem\n"
        for (name, value) in controls { text += "  \(name) = \(value ?? "not there")\n" }
        text += "  security modules: \(modules?.joined(separator: ", ") ?? "not shown: securityfs is not mounted")\n"
        text += "  lockdown: \(lockdown?.rawValue ?? "not shown")\n"
        return text
    }

    /// The object that `docs/json.md` describes.
    var json: JSONText {
        .object(
            controls.map { ($0.name, $0.value.map { .text($0) } ?? .null) } + [
                ("lsm", modules.map { .list($0.map { .text($0) }) } ?? .null),
                ("lockdown", lockdown.map { .text($0.rawValue) } ?? .null),
            ])
    }
}
