import org.jspecify.annotations.NullMarked;

/// Benchmarks of Proteus beside its peers.
@NullMarked
module dev.proteus.bench {
  requires dev.proteus.core;
  requires dev.proteus.backend.cpu;
  requires ai.djl.api;
  requires info.picocli;
  requires jmh.core;
  requires org.bytedeco.pytorch;

  exports dev.proteus.bench to
      jmh.core;

  opens dev.proteus.bench to
      info.picocli;
}
