// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFInstruction
import BPFObject
import Linux
import Testing

/// The probes are tested against the table of versions: a "no" of a kernel that is new enough must be explained.
@Suite("Features of the running kernel", .enabled(if: mayLoadPrograms, "loading programs is not permitted here"))
struct FeatureTests {
    @Test("A kernel that is new enough has the feature, or says why not", arguments: Feature.all.map(\.name))
    func explained(name: String) throws {
        for feature in Feature.all where feature.name == name {
            let result = feature.probe()
            if case .available = result.outcome { continue }
            #expect(result.explanation != nil, "\(result.group) \(name): \(result.outcome)")
            if case .unknown(let reason) = result.outcome {
                Issue.record("\(result.group) \(name) cannot be probed: \(reason)")
            }
        }
    }

    @Test("A kernel that is too old does not have the feature")
    func notTooOld() {
        for feature in Feature.all where feature.minimumVersion > KernelVersion.current {
            #expect(feature.probe().outcome != .available, "\(feature.name)")
        }
    }

    @Test("There is a probe for every kind of program and map, each name once in its group")
    func complete() {
        #expect(Feature.programs.map(\.name) == Array(ProgramKind.names.dropFirst()))
        #expect(Feature.maps.count == 35)
        for group in FeatureGroup.allCases {
            let names = Feature.all.filter { $0.group == group }.map(\.name)
            #expect(Set(names).count == names.count)
        }
        #expect(Feature.map(.ringBuffer)?.minimumVersion == KernelVersion(5, 8))
        #expect(Feature.program(.xdp)?.minimumVersion == KernelVersion(4, 8))
    }

    @Test("Helpers are there for the kinds of program that may call them")
    func helpers() throws {
        let lookup = try #require(HelperTable.helper(named: "map_lookup_elem"))
        #expect(Feature.helper(lookup, in: .socketFilter).outcome == .available)
        #expect(Feature.helper(lookup, in: .tracepoint).outcome == .available)
        let redirect = try #require(HelperTable.helper(named: "redirect_map"))
        #expect(Feature.helper(redirect, in: .xdp).outcome == .available)
        let wrong = Feature.helper(redirect, in: .tracepoint)
        #expect(wrong.outcome == .unsupported)
        #expect(wrong.explanation == "tracepoint programs may not call it")
    }
}
