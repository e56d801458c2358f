/// The engine: tensors, operators, automatic differentiation, modules and optimizers, without any
/// device code.
@SuppressWarnings("module") // a backend that the package is exported to is built later
module dev.proteus.core {
  requires commons.math3;
  requires static transitive org.jspecify;

  exports dev.proteus.error;
  exports dev.proteus.type;
  exports dev.proteus.expr;
  exports dev.proteus.op;
  exports dev.proteus.linalg;
  exports dev.proteus.spi;
  exports dev.proteus.codegen to
      dev.proteus.backend.opencl;
  exports dev.proteus.tensor;
  exports dev.proteus.state;
  exports dev.proteus.nn;
  exports dev.proteus.nn.quant;
  exports dev.proteus.optim;
  exports dev.proteus.schedule;

  uses dev.proteus.spi.BackendProvider;
}
