//! The user's own larger model: a server with OpenAI's API (Ollama, LM Studio, llama-server, vLLM) that answers
//! questions about code in place of the model of this app. Off until the user names one.
//!
//! Unless the server is on this machine, the question and its excerpts leave it. So the user is told the host
//! before and after, and a question goes to no other host than the one that was shown when it was asked.

mod chat;
mod heard;
mod key;

use std::sync::Arc;

use anyhow::{Result, bail};
use internflow_domain::{ApiError, ErrorCode, TextModel, Writer};
use internflow_net::{Address, Reach};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Core;
use crate::api::Nothing;
use crate::settings::{self, Settings};

pub(crate) use key::{State, state};

/// Models that a server is said to have.
const MOST_MODELS: usize = 100;

/// The user's own model, as far as it is set up.
#[derive(Debug, Clone, Serialize, TS)]
pub struct OwnModel {
    /// There are an address and a name: it answers questions.
    pub on: bool,
    pub name: String,
    /// With the port where it is not the usual one; empty without an address.
    pub host: String,
    /// Asking it sends question and excerpts to another machine.
    pub leaves: bool,
    /// The address is unencrypted and in a private network, which the user has to agree to.
    pub plain: bool,
    pub key: KeyState,
}

/// Where the server's API key is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeyState {
    /// Nowhere: the user entered none for this address.
    None,
    /// In the keyring of this computer.
    Kept,
    /// In memory until the app is closed: this computer has no keyring that can be used.
    ThisRun,
}

/// Never printed: no `Debug`.
#[derive(Deserialize, TS)]
pub struct SetKey {
    /// Empty to delete it.
    pub key: String,
}

/// What a server said when it was asked for its models.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Tested {
    /// It has the model of the settings.
    pub ready: bool,
    pub message: String,
    pub models: Vec<String>,
}

pub async fn get(core: &Core, _: Nothing) -> Result<OwnModel> {
    let (server, name) = chosen(core).await?;
    Ok(OwnModel {
        on: server.is_some() && !name.is_empty(),
        name,
        host: server.as_ref().map(|server| server.address.host()).unwrap_or_default(),
        leaves: server.as_ref().is_some_and(|server| server.leaves_for().is_some()),
        plain: server.as_ref().is_some_and(|server| is_plain(&server.address)),
        key: match &server {
            Some(server) => key::stands(core, &server.address).await?,
            None => KeyState::None,
        },
    })
}

/// Keeps the API key for the server of the settings, or deletes it.
pub async fn set_key(core: &Core, args: SetKey) -> Result<OwnModel> {
    let key = args.key.trim();
    if !key.chars().all(|c| c.is_ascii_graphic()) {
        return Err(bad("This is no API key. Copy the whole key, without blanks."));
    }
    let (Some(server), _) = chosen(core).await? else {
        return Err(bad("Enter the server's address first: a key is kept for one server."));
    };
    let kept = key::set(core, &server.address, key).await;
    core.announce("settings");
    kept?;
    get(core, Nothing {}).await
}

/// Asks the server of the settings which models it has.
pub async fn test(core: &Core, _: Nothing) -> Result<Tested> {
    let (Some(server), name) = chosen(core).await? else {
        return Err(bad("Enter the server's address first."));
    };
    let mut models = server.open(core).await?.models().await?;
    models.sort();
    models.dedup();
    let host = server.address.host();
    let ready = models.contains(&name);
    models.truncate(MOST_MODELS);
    let message = match (models.is_empty(), name.is_empty(), ready) {
        (true, _, _) => format!("{host} answers, but has no model yet. Get one there first."),
        (_, true, _) => format!("{host} answers. Enter the name of the model that is to answer."),
        (_, _, true) => format!("{host} answers and has {name}."),
        _ => format!("{host} answers, but has no model named {name}."),
    };
    Ok(Tested { ready, message, models })
}

/// The model that answers a question, and how the answer names it.
pub(crate) struct Answering {
    pub(crate) model: Arc<dyn TextModel>,
    pub(crate) writer: Writer,
}

/// The machine to which a question goes that is asked now; `None` when it stays here.
pub(crate) async fn leaves_for(core: &Core) -> Result<Option<String>> {
    let (server, name) = chosen(core).await?;
    Ok(server.filter(|_| !name.is_empty()).and_then(|server| server.leaves_for()))
}

/// Picks the model for a question whose asker was shown `told`, the answer of [`leaves_for`] at that time.
///
/// # Errors
/// When the question would go to another machine than the asker knows of, or the key can't be read.
pub(crate) async fn answering_model(core: &Core, told: Option<&str>) -> Result<Answering> {
    let (server, name) = chosen(core).await?;
    let Some(server) = server.filter(|_| !name.is_empty()) else {
        let model = core.engines.text.clone();
        let writer = Writer { name: model.name(), host: None };
        return Ok(Answering { model, writer });
    };
    let host = server.leaves_for();
    if let Some(host) = &host
        && told != Some(host.as_str())
    {
        bail!(
            "This question was asked before {host} was chosen in the settings, so it was not sent there. Ask it \
             again."
        );
    }
    let model: Arc<dyn TextModel> = Arc::new(chat::Outside::new(server.open(core).await?, name.clone()));
    Ok(Answering { model, writer: Writer { name, host } })
}

/// What of the settings can't be used at all is refused when it is entered.
pub(crate) fn check(settings: &Settings) -> Result<()> {
    let text = settings.model_address.trim();
    if text.is_empty() {
        return Ok(());
    }
    let Some(address) = Address::parse(text) else {
        return Err(bad(
            "This is no address of a server. It begins with http:// or https://, as in http://127.0.0.1:11434.",
        ));
    };
    if !address.is_encrypted() && address.reach() == Reach::Elsewhere {
        return Err(bad(&format!(
            "{} is not in your network, and http:// would let anyone on the way read your code. Use an address \
             that begins with https://.",
            address.host()
        )));
    }
    Ok(())
}

/// The server of the settings.
struct Server {
    address: Address,
    /// The user agreed to an unencrypted connection in a private network.
    plain: bool,
}

impl Server {
    /// Host that what is sent leaves this machine for.
    fn leaves_for(&self) -> Option<String> {
        (self.address.reach() != Reach::ThisMachine).then(|| self.address.host())
    }

    async fn open(&self, core: &Core) -> Result<chat::Api> {
        if is_plain(&self.address) && !self.plain {
            bail!(
                "{} was not asked: its address is not encrypted. Allow that in the settings if you trust everyone in \
                 that network, or use an address that begins with https://.",
                self.address.host()
            );
        }
        let net = core.patient_net(self.plain)?;
        Ok(chat::Api::new(net, &self.address, key::find(core, &self.address).await?))
    }
}

fn is_plain(address: &Address) -> bool {
    !address.is_encrypted() && address.reach() == Reach::PrivateNetwork
}

/// The server and the name of its model.
async fn chosen(core: &Core) -> Result<(Option<Server>, String)> {
    let settings = settings::get(core, Nothing {}).await?;
    let address = Address::parse(&settings.model_address);
    let server = address.map(|address| Server { address, plain: settings.model_plain_http });
    Ok((server, settings.model_name.trim().to_owned()))
}

fn bad(message: &str) -> anyhow::Error {
    ApiError::new(ErrorCode::BadRequest, message).into()
}
