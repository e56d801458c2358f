/// Decompositions, equations and functions of matrices, by Apache Commons Math. Beside layer 3.
///
/// Each operator is a hosted record: a function over float64 arrays and a derivative written with
/// operators. No other package imports Commons Math. Depends on `op`, `type` and `error`. Start
/// reading at [dev.proteus.linalg.Linalg], then [dev.proteus.linalg.Inverse].
@NullMarked
package dev.proteus.linalg;

import org.jspecify.annotations.NullMarked;
