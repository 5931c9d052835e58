// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFInstruction
import Linux

extension KernelCheck {
    /// What probes say about a kernel agrees with the version in which each feature came.
    static let featureChecks = [
        KernelCheck("no probe denies what a kernel of this version and configuration must have") {
            var wrong: [String] = []
            for feature in Feature.all where feature.minimumVersion <= KernelVersion.current {
                let result = feature.probe()
                switch result.outcome {
                case .available: continue
                // Rights, security modules and missing counters are the machine's.
                case .refused: continue
                case .unknown(let reason): wrong.append("\(feature.group) \(feature.name) cannot be told: \(reason)")
                case .unsupported:
                    if lacksOption(feature) { continue }
                    wrong.append("\(feature.group) \(feature.name) is denied, but came with \(feature.minimumVersion)")
                }
            }
            return wrong.isEmpty ? .passed : .failed(wrong.joined(separator: "; "))
        },
        KernelCheck("no probe grants what came with a later kernel") {
            var wrong: [String] = []
            for feature in Feature.all where feature.minimumVersion > KernelVersion.current {
                if feature.probe().outcome == .available, !carriedBack.contains(feature.name) {
                    wrong.append("\(feature.group) \(feature.name) is granted, but came with \(feature.minimumVersion)")
                }
            }
            return wrong.isEmpty ? .passed : .failed(wrong.joined(separator: "; "))
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

    /// What stable and distribution kernels have from later versions.
    private static let carriedBack: Set<String> = []

    /// Helpers that need an option which distributions leave out (CONFIG_BPF_KPROBE_OVERRIDE,
    /// CONFIG_BPF_LIRC_MODE2), and one that only struct_ops programs of a TCP congestion control may call.
    private static let optionalHelpers: Set<String> = [
        "bpf_override_return", "bpf_rc_repeat", "bpf_rc_keydown", "bpf_rc_pointer_rel", "bpf_tcp_send_ack",
    ]

    /// Whether the kernel was built without an option of the feature; where nothing tells, the options that
    /// distributions leave out count as left out.
    private static func lacksOption(_ feature: Feature) -> Bool {
        guard !feature.options.isEmpty else { return false }
        guard let configuration = try? KernelConfiguration.current() else {
            return feature.options.contains { rareOptions.contains($0) }
        }
        return feature.options.contains { names in
            !names.split(separator: "|").contains { configuration[String($0)].map { $0 != "n" } ?? false }
        }
    }

    private static let rareOptions: Set<String> = [
        "CONFIG_NETKIT", "CONFIG_BPF_LIRC_MODE2", "CONFIG_BPF_LSM", "CONFIG_FPROBE",
    ]
}
