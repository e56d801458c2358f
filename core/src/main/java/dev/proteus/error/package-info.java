/// The typed errors of the engine: layer 0, below everything.
///
/// Depends on nothing. Bad arguments that concern no tensor are plain `IllegalArgumentException`s.
/// Start reading at [TensorException].
@NullMarked
package dev.proteus.error;

import org.jspecify.annotations.NullMarked;
