// Exists because SwiftPM wants a header for a C target. The plugin has no callers in the tree: libasound loads it.
#pragma once
