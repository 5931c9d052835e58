// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFInstruction
import Linux

extension KernelCheck {
    /// What the probes say, compared with what the kernel's version and configuration promise.
    static let featureChecks = [
        KernelCheck("no probe denies what the kernel's version and configuration promise") {
            let configuration = try? KernelConfiguration.current()
            var denied: [String] = []
            for feature in Feature.all where KernelVersion.current >= feature.minimumVersion {
                guard isBuilt(feature.options, configuration) else { continue }
                // A counter of the processor, which emulated ones do not have.
                if feature.name == "perf_event.hardware" { continue }
                switch feature.probe().outcome {
                case .available: continue
                // A machine in use may forbid what its kernel has; a guest forbids nothing.
                case .refused where Processes.current != 1: continue
                case .refused(let reason):
                    denied.append("\(feature.group.rawValue) \(feature.name) is refused: \(reason)")
                case .unsupported: denied.append("\(feature.group.rawValue) \(feature.name) is denied")
                case .unknown(let reason):
                    denied.append("\(feature.group.rawValue) \(feature.name) is unknown: \(reason)")
                }
            }
            try expect(denied.isEmpty, denied.joined(separator: "; "))
            return .passed
        },
        // Distributions carry features back into old versions, so only guests, whose kernels do not, are asked.
        KernelCheck("no probe finds what is newer than the kernel", guestOnly: true) {
            let found = Feature.all.filter {
                KernelVersion.current < $0.minimumVersion && !carriedBack.contains($0.name)
                    && $0.probe().outcome == .available
            }.map { "\($0.group.rawValue) \($0.name) (since \($0.minimumVersion))" }
            try expect(found.isEmpty, found.joined(separator: "; "))
            return .passed
        },
        KernelCheck("the table of helpers says in which version each came") {
            var wrong: [String] = []
            for helper in HelperTable.all {
                let result = Feature.helper(helper)
                let isDue = result.minimumVersion <= KernelVersion.current
                switch result.outcome {
                case .available: if !isDue { wrong.append("\(helper.name) is there before \(helper.since)") }
                case .unsupported:
                    if isDue, !optionalHelpers.contains(helper.name) {
                        wrong.append("\(helper.name) of \(helper.since) is not there")
                    }
                case .refused, .unknown:
                    // In a guest nothing but the kernel can refuse.
                    if isDue, Processes.current == 1, !optionalHelpers.contains(helper.name) {
                        wrong.append("\(helper.name) of \(helper.since) cannot be told: \(result.explanation ?? "")")
                    }
                }
            }
            return wrong.isEmpty ? .passed : .failed(wrong.joined(separator: "; "))
        },
    ]

    /// Helpers that need an option which distributions leave out (CONFIG_BPF_KPROBE_OVERRIDE,
    /// CONFIG_BPF_LIRC_MODE2), and one that only struct_ops programs of a TCP congestion control may call.
    private static let optionalHelpers: Set<String> = [
        "bpf_override_return", "bpf_rc_repeat", "bpf_rc_keydown", "bpf_rc_pointer_rel", "bpf_tcp_send_ack",
    ]

    /// What stable kernels have from later versions: 6.1.192 takes `gotol`, and such a jump goes where it says, as the check
    /// of it shows.
    private static let carriedBack: Set<String> = ["long_jump"]

    /// Whether the kernel was built with all options, one or the other of `|`; false when that is not known.
    private static func isBuilt(_ options: [String], _ configuration: KernelConfiguration?) -> Bool {
        options.allSatisfy { names in
            names.split(separator: "|").contains { name in
                configuration?[String(name)].map { $0 != "n" } ?? false
            }
        }
    }
}
