// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableExperimentalFeature("Lifetimes"),
    .treatAllWarnings(as: .error),
]

func program(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["CSupport", .product(name: "BPF", package: "skep")], swiftSettings: settings)
}

// Measures against the peers of Debian, side by side. `bench` measures; the others are our half of what it compares.
let package = Package(
    name: "skep-benchmarks",
    dependencies: [.package(name: "skep", path: "..")],
    targets: [
        .target(name: "CSupport"), program("bench"), program("btf-find"), program("ring-drain"), program("object-load"),
    ]
)
