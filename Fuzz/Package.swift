// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
    // libFuzzer brings the main function.
    .unsafeFlags(["-parse-as-library"]),
]

func fuzzer(_ name: String) -> Target {
    // The formats are not products of their own: the library product brings their modules.
    .executableTarget(
        name: "fuzz-\(name)", dependencies: ["FuzzSupport", .product(name: "BPF", package: "skep")],
        swiftSettings: settings)
}

// Fuzzers of everything that reads bytes from outside, one program each. Build with `--sanitize fuzzer`; `make fuzz` does.
let package = Package(
    name: "skep-fuzz",
    dependencies: [.package(name: "skep", path: "..")],
    targets: [
        .target(
            name: "FuzzSupport", dependencies: [.product(name: "BPF", package: "skep")], swiftSettings: settings),
        fuzzer("elf"), fuzzer("btf"), fuzzer("dwarf"), fuzzer("extension"), fuzzer("core"), fuzzer("object"),
        fuzzer("link"),
    ]
)
