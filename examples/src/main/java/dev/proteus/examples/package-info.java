/// The `proteus` command: a training job that shows the engine at work, and the list of devices.
///
/// Uses the engine's public API only. Start reading at [Main], then [MnistCommand].
@NullMarked
package dev.proteus.examples;

import org.jspecify.annotations.NullMarked;
