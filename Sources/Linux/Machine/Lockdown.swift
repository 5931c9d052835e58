// SPDX-License-Identifier: Apache-2.0

/// How far the kernel protects itself from root (kernel_lockdown(7)).
public enum Lockdown: String, Sendable, Hashable {
    /// Not at all.
    case none
    /// Code and data cannot be changed.
    case integrity
    /// Kernel memory cannot be read either: BPF programs cannot use `bpf_probe_read_kernel`.
    case confidentiality

    /// The running kernel's state, or `nil` when it does not say: securityfs is not mounted, or the kernel has no
    /// lockdown.
    public static func current() -> Lockdown? {
        guard let text = try? Files.readText("/sys/kernel/security/lockdown", limit: 4096) else { return nil }
        return Lockdown(parsing: text)
    }

    /// Reads text such as `none [integrity] confidentiality`.
    init?(parsing text: String) {
        guard let start = text.firstIndex(of: "["), let end = text[start...].firstIndex(of: "]") else { return nil }
        self.init(rawValue: String(text[text.index(after: start)..<end]))
    }
}
