import org.jspecify.annotations.NullMarked;

/// Benchmarks of Proteus beside its peers.
@NullMarked
module dev.proteus.bench {
  requires dev.proteus.core;
}
