/// The differential suite: random calls of every operator, compared with PyTorch's in the same JVM.
///
/// May depend on the engine and, behind [dev.proteus.oracle.Torch], on JavaCPP's PyTorch. Start
/// reading at [dev.proteus.oracle.Rule], then any file called `…Rules`.
@NullMarked
package dev.proteus.oracle;

import org.jspecify.annotations.NullMarked;
