/// Named tensors outside of a module: state dicts, what loading did with them, and their files.
/// Layer 7.
///
/// Depends on `tensor`. Start reading at `StateDict`; `SafeTensors` is the file format, and
/// `ShardedSafeTensors`, `Npz` and `Npy` are others'.
@NullMarked
package dev.proteus.state;

import org.jspecify.annotations.NullMarked;
