// SPDX-License-Identifier: Apache-2.0

import Linux

/// The machine that was measured, in words.
enum Machine {
    static var description: String {
        let processors = (try? Files.readText("/proc/cpuinfo"))?.split(separator: "\n") ?? []
        let models = processors.filter { $0.hasPrefix("model name") }
        let model = models.first?.split(separator: ":").last.map { trimmed($0) } ?? KernelVersion.architecture
        let isVirtual = processors.contains { $0.hasPrefix("flags") && $0.contains(" hypervisor") }
        let memory =
            (try? Files.readText("/proc/meminfo"))?.split(separator: "\n").first?
            .split(separator: " ").compactMap { Double($0) }.first ?? 0
        let system =
            (try? Files.readText("/etc/os-release"))?.split(separator: "\n")
            .first { $0.hasPrefix("PRETTY_NAME=") }?.split(separator: "\"").last.map(String.init) ?? "Linux"
        return """
            \(isVirtual ? "A virtual machine" : "A machine") with \(models.count) processors (\(model)), \
            \(Int((memory / 1024 / 1024).rounded())) GiB of memory, \(system), Linux \(KernelVersion.current)
            """
    }

    private static func trimmed(_ text: Substring) -> String {
        text.split(separator: " ").joined(separator: " ")
    }
}
