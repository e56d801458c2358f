/// What works row by row, or channel by channel: softmax, norms, losses, scans and sorting. Depends
/// on `dev.proteus.backend.cpu` and its packages for memory and loops.
///
/// Start reading at [dev.proteus.backend.cpu.rows.SoftmaxKernel], then `Rows`.
@NullMarked
package dev.proteus.backend.cpu.rows;

import org.jspecify.annotations.NullMarked;
