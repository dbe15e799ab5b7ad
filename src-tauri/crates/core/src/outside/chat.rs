//! Asking a server with OpenAI's API, and what its refusals mean for the user.

use std::ops::Range;
use std::sync::atomic::{AtomicU8, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use internflow_code::mask_secrets;
use internflow_domain::{EngineError, TextAnswer, TextModel, TextRequest};
use internflow_net::{Address, Incoming, Net, NetError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::heard::{Heard, Unheard, fits, object, words};

/// Most bytes of an answer; thoughts and the wrapping of each token are among them.
const MOST: usize = 16 << 20;
/// Tokens a model gets even where the answer is short: many think first, and their thoughts count.
const LEAST_TOKENS: u32 = 2048;

/// How the form of an answer is asked for, the strictest first; what a server refuses is not tried again.
const BY_SCHEMA: u8 = 0;
const AS_OBJECT: u8 = 1;
const BY_WORDS: u8 = 2;
/// Characters of a server's own words in a message of ours.
const WORDS: usize = 300;

/// A server, ready to be asked.
pub(super) struct Api {
    net: Net,
    /// Up to `/v1`.
    base: String,
    host: String,
    key: Option<String>,
}

impl Api {
    pub(super) fn new(net: Net, address: &Address, key: Option<String>) -> Self {
        let path = address.path();
        let path = path.strip_suffix("/chat/completions").unwrap_or(path);
        let path = path.strip_suffix("/v1").unwrap_or(path);
        Self { net, base: format!("{}{path}/v1", address.origin()), host: address.host(), key }
    }

    /// Ids of the models the server has.
    pub(super) async fn models(&self) -> Result<Vec<String>, EngineError> {
        #[derive(Deserialize)]
        struct List {
            data: Vec<One>,
        }
        #[derive(Deserialize)]
        struct One {
            id: String,
        }
        let mut incoming = self.send(Method::GET, "models", None, "which models your own server has").await?;
        let status = incoming.status();
        let body = self.whole(&mut incoming).await?;
        if !status.is_success() {
            return Err(self.refusal(status, &body, None));
        }
        let list: List = serde_json::from_slice(&body).map_err(|_| self.unheard(Unheard::Foreign))?;
        Ok(list.data.into_iter().map(|one| one.id).collect())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        reason: &str,
    ) -> Result<Incoming, EngineError> {
        let mut request = http::Request::builder()
            .method(method)
            .uri(format!("{}/{path}", self.base))
            .header(ACCEPT, "application/json, text/event-stream");
        if let Some(key) = &self.key {
            let bearer = HeaderValue::from_str(&format!("Bearer {key}"));
            let mut bearer = bearer.map_err(|error| EngineError::Failed(error.to_string()))?;
            bearer.set_sensitive(true);
            request = request.header(AUTHORIZATION, bearer);
        }
        if body.is_some() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let body = body.map(Value::to_string).unwrap_or_default();
        let request = request.body(Bytes::from(body));
        let request = request.map_err(|error| EngineError::Failed(error.to_string()))?;
        self.net.open(request, reason).await.map_err(|error| self.unreached(error))
    }

    /// A short answer in one piece.
    async fn whole(&self, incoming: &mut Incoming) -> Result<Vec<u8>, EngineError> {
        let mut body = Vec::new();
        while let Some(piece) = incoming.chunk().await.map_err(|error| self.unreached(error))? {
            body.extend_from_slice(&piece);
            if body.len() > MOST {
                return Err(self.unheard(Unheard::Foreign));
            }
        }
        Ok(body)
    }

    /// An answer of the model, from its first piece to its last; `so_far` is told the text as it grows.
    async fn written(
        &self,
        incoming: &mut Incoming,
        so_far: &(dyn for<'t> Fn(&'t str) + Send + Sync),
    ) -> Result<Heard, EngineError> {
        let mut heard = Heard::default();
        let mut size = 0;
        while !heard.done
            && let Some(piece) = incoming.chunk().await.map_err(|error| self.unreached(error))?
        {
            size += piece.len();
            if size > MOST {
                return Err(self.unheard(Unheard::Foreign));
            }
            heard.push(&piece).map_err(|unheard| self.unheard(unheard))?;
            so_far(&heard.text);
        }
        heard.end().map_err(|unheard| self.unheard(unheard))
    }

    fn unreached(&self, error: NetError) -> EngineError {
        let host = &self.host;
        EngineError::Failed(match error {
            NetError::NoNetwork { cause, .. } => format!(
                "{host} could not be reached ({cause}). Is the model's server running, and does it listen to this \
                 machine? The address is in the settings; without a model's name there, the model on this computer \
                 answers."
            ),
            NetError::Broken { cause, .. } => {
                format!(
                    "The connection to {host} broke off before the answer was whole ({cause}). Ask again."
                )
            }
            error => error.to_string(),
        })
    }

    fn unheard(&self, unheard: Unheard) -> EngineError {
        let host = &self.host;
        EngineError::Failed(match unheard {
            Unheard::Said(words) => {
                format!("{host} stopped answering{}. Look at the server there.", self.quoted(&words))
            }
            Unheard::Foreign => format!(
                "What {host} said is no answer of an OpenAI-compatible server. Check the address in the settings."
            ),
            Unheard::Broken => {
                format!("The answer of {host} broke off in the middle. Ask again.")
            }
        })
    }

    /// `model` is the one that was asked, if one was.
    fn refusal(&self, status: StatusCode, body: &[u8], model: Option<&str>) -> EngineError {
        let (host, code, said) = (&self.host, status.as_u16(), self.quoted(&words(body)));
        EngineError::Failed(match (code, model) {
            (401 | 403, _) if self.key.is_none() => {
                format!("{host} wants an API key{said}. Enter it in the settings.")
            }
            (401 | 403, _) => {
                format!(
                    "{host} does not take the API key (HTTP {code}){said}. Enter it again in the settings."
                )
            }
            (404, Some(model)) => {
                format!("{host} has no model named {model}{said}. “Test” in the settings lists those it has.")
            }
            (404 | 405, None) => format!(
                "{host} has no list of models at this address (HTTP {code}). Is it the address of an OpenAI-compatible \
                 server?"
            ),
            (429, _) => {
                format!("{host} takes no more questions at the moment (HTTP 429){said}. Ask again later.")
            }
            (300..=399, _) => format!(
                "{host} wants to be asked at another address (HTTP {code}); nothing was sent there. Enter that address \
                 in the settings."
            ),
            (500..=599, _) => {
                format!("The server at {host} failed (HTTP {code}){said}. Look at it there, then ask again.")
            }
            _ => format!("{host} did not take the question (HTTP {code}){said}."),
        })
    }

    /// A server's own words as a part of ours. Some repeat the key, which must get into no message.
    fn quoted(&self, words: &str) -> String {
        let words = match self.key.as_deref() {
            Some(key) => words.replace(key, "…"),
            None => words.to_owned(),
        };
        // Cut last: a key that went over the edge would not be known for one.
        let words: String = mask_secrets(&words).chars().take(WORDS).collect();
        if words.is_empty() { words } else { format!(": “{words}”") }
    }
}

/// A model on a server that the user chose.
pub(super) struct Outside {
    api: Api,
    model: String,
    /// The strictest way to ask for a form that the server has not refused.
    form: AtomicU8,
}

impl Outside {
    pub(super) fn new(api: Api, model: String) -> Self {
        Self { api, model, form: AtomicU8::new(BY_SCHEMA) }
    }

    fn body(&self, request: &TextRequest, schema: Option<&Value>, form: u8) -> Value {
        let mut system = mask_secrets(&request.system);
        if let Some(schema) = schema {
            // Some servers ignore the form they are asked for; all read.
            system.push_str(&format!(
                "\nAnswer with one JSON object of this JSON schema and nothing else: {schema}"
            ));
        }
        let mut body = json!({
            "model": self.model,
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": mask_secrets(&request.user)},
            ],
            "max_tokens": request.max_tokens.max(LEAST_TOKENS),
            "temperature": request.temperature,
            "seed": request.seed,
            "stream": true,
        });
        match (schema, form) {
            (Some(schema), BY_SCHEMA) => {
                let named = json!({"name": "answer", "strict": true, "schema": schema});
                body["response_format"] = json!({"type": "json_schema", "json_schema": named});
            }
            (Some(_), AS_OBJECT) => body["response_format"] = json!({"type": "json_object"}),
            _ => {}
        }
        body
    }

    /// Asks in less and less strict ways until the server takes the question.
    async fn ask(&self, request: &TextRequest, schema: Option<&Value>) -> Result<Incoming, EngineError> {
        loop {
            let form = self.form.load(Ordering::Relaxed);
            let body = self.body(request, schema, form);
            let mut incoming = self
                .api
                .send(Method::POST, "chat/completions", Some(&body), "question to your own model")
                .await?;
            let status = incoming.status();
            if status.is_success() {
                return Ok(incoming);
            }
            let unknown = matches!(status, StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY);
            if !unknown || schema.is_none() || form >= BY_WORDS {
                let body = self.api.whole(&mut incoming).await.unwrap_or_default();
                return Err(self.api.refusal(status, &body, Some(&self.model)));
            }
            self.form.store(form + 1, Ordering::Relaxed);
        }
    }
}

impl Outside {
    fn cannot_weigh(&self) -> Result<Vec<f32>, EngineError> {
        Err(EngineError::Failed(format!(
            "{} can't say how likely a text is. Reviews are made by the model on this computer.",
            self.name()
        )))
    }
}

#[async_trait]
impl TextModel for Outside {
    async fn generate(&self, request: TextRequest) -> Result<TextAnswer, EngineError> {
        self.generate_in_pieces(request, &|_| {}).await
    }

    async fn generate_in_pieces(
        &self,
        request: TextRequest,
        so_far: &(dyn for<'t> Fn(&'t str) + Send + Sync),
    ) -> Result<TextAnswer, EngineError> {
        let schema = request.schema.as_ref().map(plain_schema);
        let mut incoming = self.ask(&request, schema.as_ref()).await?;
        let heard = self.api.written(&mut incoming, so_far).await?;
        let complete = heard.finish.as_deref() != Some("length");
        let text = match &schema {
            None => heard.text,
            Some(_) if !complete => {
                return Err(EngineError::Failed(format!(
                    "{} ran out of tokens before its answer was whole. Give it a longer context on its server, or \
                     choose a model that thinks less.",
                    self.name()
                )));
            }
            Some(schema) => match object(&heard.text).filter(|value| fits(value, schema)) {
                Some(value) => value.to_string(),
                None => {
                    return Err(EngineError::Failed(format!(
                        "{} did not answer in the form it was asked for. Ask again, or choose a model that follows \
                         instructions better.",
                        self.name()
                    )));
                }
            },
        };
        Ok(TextAnswer {
            text,
            complete,
            prompt_tokens: heard.prompt_tokens,
            reused_tokens: 0,
            output_tokens: heard.output_tokens,
        })
    }

    async fn score(&self, _: String, _: Vec<String>) -> Result<Vec<f32>, EngineError> {
        self.cannot_weigh()
    }

    async fn contrast(
        &self,
        _: String,
        _: String,
        _: Vec<(Range<usize>, String)>,
        _: Option<u32>,
    ) -> Result<Vec<f32>, EngineError> {
        self.cannot_weigh()
    }

    fn name(&self) -> String {
        format!("{} at {}", self.model, self.api.host)
    }
}

/// The schema without what only our own worker understands.
fn plain_schema(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(object) = schema.as_object_mut() {
        object.remove("x-guidance");
    }
    schema
}
