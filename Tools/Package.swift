// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Generators of committed files: a package of its own, so that users of the library never build them.
let package = Package(
    name: "skep-tools",
    targets: [
        .executableTarget(
            name: "generate-helpers",
            path: "Sources/GenerateHelpers",
            swiftSettings: [
                .swiftLanguageMode(.v6),
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
