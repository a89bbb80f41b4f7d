//! The description of the API, made from its routes: what they say of themselves, and what all of them have in common. It
//! asks nobody.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ObjectBuilder, Ref, SchemaType, Type};
use utoipa::openapi::{Content, OpenApi, RefOr, Required, Response, ResponseBuilder};
use utoipa::{IntoParams, OpenApi as _};

use super::problem;
use super::take::{File, Name};

/// What is said about all routes.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Codraft",
        description = "Documents of a Codraft server, for programs that are not live. People who are connected see every \
                       change at once. A change is answered when it is on disk.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(problem::Body))
)]
struct Description;

/// What any request may meet.
const ALWAYS: [(u16, &str); 6] = [
    (400, "The request is not what it must be; the problem says how."),
    (
        401,
        "What is shown as `Authorization: Bearer` does not let anybody in; the same where there is no document.",
    ),
    (
        403,
        "It takes more rights than whoever asks has; or a page of another site asks: see `--allow-origin`.",
    ),
    (421, "The server is not known by this name: see `--public-url`."),
    (429, "Too many connections come from this address, or too many attempts have failed."),
    (503, "Nothing can be done at the moment. Try again later."),
];
/// A description of no routes yet.
pub(super) fn beginning() -> OpenApi {
    Description::openapi()
}

/// Adds what the routes do not say of themselves: every problem has the same shape.
pub(super) fn finished(mut description: OpenApi) -> OpenApi {
    for path in description.paths.paths.values_mut() {
        let PathItem { get, put, post, delete, patch, .. } = path;
        [get, put, post, delete, patch].into_iter().flatten().for_each(finish);
    }
    description
}

fn finish(operation: &mut Operation) {
    meet(operation, &ALWAYS);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.as_str() >= "400"
        {
            add_problem(response);
        }
    }
}

fn meet(operation: &mut Operation, problems: &[(u16, &str)]) {
    for (status, what) in problems {
        let response = || RefOr::T(ResponseBuilder::new().description(*what).build());
        operation.responses.responses.entry(status.to_string()).or_insert_with(response);
    }
}

fn add_problem(response: &mut Response) {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    response.content.insert("application/problem+json".to_owned(), RefOr::T(content));
}

impl IntoParams for Name {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .min_length(Some(1))
            .max_length(Some(1024))
            .pattern(Some(r"^(?!(.*\/)?\.\.?(\/|$))[^\u0000-\u001f\u007f-\u009f]+$"))
            .build();
        let name = ParameterBuilder::new()
            .name("doc")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some(
                "The document's name: 1 to 1,024 bytes, percent-encoded, slashes too.",
            ))
            .schema(Some(schema))
            .build();
        vec![name]
    }
}

impl IntoParams for File {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new()
            .schema_type(SchemaType::Type(Type::String))
            .pattern(Some(r"^[0-9a-f]{64}\.(png|jpg|gif|webp|avif)$"))
            .build();
        let name = ParameterBuilder::new()
            .name("file")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The file's name: the SHA-256 of its bytes and the kind."))
            .schema(Some(schema))
            .build();
        vec![name]
    }
}
