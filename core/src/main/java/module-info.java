import org.jspecify.annotations.NullMarked;

/// The tensor engine: shapes, expressions, operators, autograd, modules and optimisers. It holds no
/// kernels; backends are found through the service loader.
@NullMarked
module dev.proteus.core {
  requires static transitive org.jspecify;
  requires commons.math3;
}
