// SPDX-License-Identifier: Apache-2.0
// probes: says what this kernel can do, found out by trying.

import BPF

print("Linux \(KernelVersion.current)")
let results = Feature.all.map { $0.probe() }
for group in FeatureGroup.allCases {
    let members = results.filter { $0.group == group }
    let available = members.filter { $0.outcome == .available }
    print("\(group.rawValue): \(available.count) of \(members.count)")
}

// A program can choose by what is there, and say why something is not.
if let ring = results.first(where: { $0.name == "ringbuf" }) {
    switch ring.outcome {
    case .available: print("ring buffers: yes")
    case .unsupported: print("ring buffers: no, \(ring.explanation ?? "they came with Linux \(ring.minimumVersion)")")
    case .refused(let reason), .unknown(let reason): print("ring buffers: \(reason)")
    }
}
for result in results where result.outcome != .available {
    guard let explanation = result.explanation else { continue }
    print("without \(result.group.rawValue) \(result.name): \(explanation)")
}
