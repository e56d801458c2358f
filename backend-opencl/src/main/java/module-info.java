import org.jspecify.annotations.NullMarked;

/// The OpenCL backend: expressions become kernels, compiled when they are first needed.
@NullMarked
module dev.proteus.backend.opencl {
  requires transitive dev.proteus.core;
  requires jocl;
  requires static org.jspecify;

  provides dev.proteus.spi.BackendProvider with
      dev.proteus.backend.opencl.OpenClProvider;
}
